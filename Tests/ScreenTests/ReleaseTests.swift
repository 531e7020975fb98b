import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(20))) struct `The release of the listener` {
    private func row(_ story: Story) throws -> String {
        let frame = Painter.frame(
            board: story.board, view: View(), now: story.board.time, size: Size(columns: 120, rows: 36))
        return try #require(frame.lines.first { $0.contains("listener  ") })
    }

    @Test func `leaves as many requests as every other pane counts`() throws {
        var story = Story.serving()
        story.signal()
        story.add(.resourceReleasing, .server, 21, [.name: "listener", .left: 4])
        let count = story.board.waitedForCount
        #expect(count > 4)
        #expect(try row(story).contains(" \(count) left"))
        #expect(try !row(story).contains("closed"))
        story.add(.listenerClosed, .server, 21.1, [:])
        #expect(try row(story).contains("closed, \(count) left"))
    }
}
