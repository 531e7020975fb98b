import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A countdown` {
    private func told(_ line: String) -> Run {
        Run.serving().saw(.serverTold, .supervisor, [.text: .string(line)]).signal(.terminate)
            .server(.shutdownBegan, Budgets(drain: .seconds(30)).fields).server(.readinessLowered)
    }

    @Test func `runs to the lead that the server was told, and not to the one it began with`() throws {
        let board = told("lead 5.0").board
        let now = board.time + .seconds(2)
        let lead = try #require(board.at(now).countdowns.first)
        #expect(lead.name == "lead")
        #expect(lead.allowed == .seconds(5))
        #expect(board.at(now).latestExit?.seconds.rounded() == 43)
        #expect(told("lead").board.at(now).countdowns.first?.allowed == .seconds(1))
        #expect(told("lead -1").board.at(now).countdowns.first?.allowed == .seconds(1))
    }

    private var unlimited: Run {
        var limits = Budgets(drain: .seconds(30))
        limits.drain = nil
        return Run.serving().webSocket(7).signal(.terminate).server(.signalReceived, [.signal: 15])
            .server(.resourceAcquired, [.name: "websockets"])
            .server(.shutdownBegan, limits.fields).server(.readinessLowered)
            .saw(.rotationLeft, .balancer, [.failures: 2]).server(.leadEnded).server(.listenerClosed).server(
                .drainBegan, [.open: 3])
    }

    @Test func `has no limit where the server has none`() throws {
        let board = unlimited.board
        let drain = try #require(board.at(board.time + .seconds(7)).countdowns.first)
        #expect(drain.name == "drain")
        #expect((drain.allowed, drain.left) == (nil, nil))
        #expect(drain.consequence == "")
        #expect(!drain.isAtRisk)
        #expect(board.at(board.time + .seconds(7)).latestExit?.seconds.rounded() == 38)
    }

    @Test func `of a drain that has not begun runs from the closed listener, and never backwards`() throws {
        let closed = Run.serving().signal(.terminate).server(.signalReceived, [.signal: 15])
            .server(.shutdownBegan, Budgets(drain: .seconds(30)).fields).server(.readinessLowered)
            .saw(.rotationLeft, .balancer, [.failures: 2]).server(.leadEnded).server(.listenerClosed)
        #expect(closed.board.phase == .draining)
        let drain = try #require(closed.board.at(closed.board.time).countdowns.first)
        #expect((drain.limit, drain.used) == (.drain, .zero))
        let begun = closed.server(.drainBegan, [.open: 3]).board
        #expect(begun.at(begun.time).countdowns.first?.used == .zero)
    }

    @Test func `of a drain that is over does not go on, while WebSockets are waited for`() throws {
        let ended = unlimited.server(.drainEnded, [.left: 0])
            .server(.resourceReleasing, [.name: "websockets", .left: 1]).board
        #expect(ended.phase == .draining)
        #expect(ended.track.first { $0.state == .current }?.name == "draining")
        let waiting = try #require(ended.at(ended.time + .seconds(3)).countdowns.first)
        #expect((waiting.name, waiting.allowed, waiting.used) == ("sockets", nil, .seconds(3)))

        let limited = Run.serving().signal(.terminate).drains().server(.drainEnded, [.left: 0])
            .server(.resourceReleasing, [.name: "listener"]).board
        let drain = limited.at(limited.time).countdowns.first
        #expect(limited.at(limited.time + .seconds(3)).countdowns.first?.used == drain?.used)
    }
}
