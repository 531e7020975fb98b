import ShutdownTrace
import Testing

@testable import ShutdownBoard

@Suite(.timeLimit(.minutes(20))) struct `What the kernel shows of a listener` {
    private static func board(_ events: (EventKind, Source, Double)...) -> Board {
        Board(events.map { Event($0.0, from: $0.1, at: .seconds($0.2), [.port: 8_080]) })
    }

    @Test func `closes it for a server that tells nothing`() {
        #expect(Self.board((.listenerSeen, .kernel, 1), (.listenerGone, .kernel, 2)).listener.closedAt == .seconds(2))
    }

    @Test func `opens it again when somebody listens again`() {
        let board = Self.board((.listenerSeen, .kernel, 1), (.listenerGone, .kernel, 2), (.listenerSeen, .kernel, 3))
        #expect(board.listener.closedAt == nil)
    }

    @Test func `gives way to the server's own word, in whatever order they come`() {
        let early = Self.board((.listenerClosed, .server, 2), (.listenerGone, .kernel, 2.1))
        let late = Self.board((.listenerGone, .kernel, 2.1), (.listenerClosed, .server, 2))
        for board in [early, late] {
            #expect(board.listener.closedAt == .seconds(2))
            #expect(board.anomalies.total == 0)
        }
    }

    @Test func `does not let a server close it twice`() {
        #expect(Self.board((.listenerClosed, .server, 2), (.listenerClosed, .server, 3)).anomalies.total == 1)
    }
}
