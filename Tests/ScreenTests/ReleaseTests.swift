import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(3))) struct `The release of the listener` {
    private func row(_ story: Story) throws -> String {
        let frame = Painter.frame(
            board: story.board, view: View(), now: story.board.time, size: Size(columns: 120, rows: 36))
        return try #require(frame.lines.first { $0.contains("listener  ") })
    }

    @Test func `is told by the server's word until it is closed`() throws {
        var story = Story.serving()
        story.signal()
        story.add(.resourceReleasing, .server, 21, [.name: "listener", .left: 4])
        #expect(try row(story).contains("4 left"))
        #expect(try !row(story).contains("closed"))
        story.add(.resourceQuiesced, .server, 21.1, [.name: "listener", .detail: "closed, 3 left"])
        #expect(try row(story).contains("closed, 3 left"))
    }
}
