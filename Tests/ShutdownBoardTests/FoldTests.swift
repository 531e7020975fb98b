import CustomDump
import ShutdownTrace
import Testing

@testable import ShutdownBoard

@Suite(.timeLimit(.minutes(20))) struct `A failing expectation` {
    /// Without the library's second product a difference would only be printed, and every test here would pass.
    @Test func `fails the test`() {
        withKnownIssue { expectNoDifference(1, 2) }
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A board` {
    @Test func `starts with nothing`() {
        let board = Board()
        #expect(board.phase == .starting)
        #expect(board.at(.zero).waiting?.what == "the first answer of the server")
        #expect(board.at(.zero).countdowns.isEmpty)
        #expect(board.at(.zero).blockers().isEmpty)
        #expect(board.verdict.word == .inconclusive)
    }

    @Test func `puts a request in flight, and takes it out at its end`() {
        var board = Run().starts().board
        let start = board.time
        func event(_ kind: EventKind, _ after: Int64, _ fields: Fields) -> Event {
            Event(kind, from: .client, at: start + .milliseconds(after), fields)
        }
        let lane = Lane(
            id: 7, method: "POST", path: "/payments", kind: .payment, order: 3, startedAt: start + .milliseconds(1),
            expected: .milliseconds(200), number: 1)
        expectDifference(board.requests.inFlight) {
            board.apply(
                event(
                    .requestStarted, 1,
                    [.id: 7, .method: "POST", .path: "/payments?x", .kind: "payment", .order: 3, .expected: 0.2]))
        } changes: {
            $0[7] = lane
        }
        expectDifference(board.requests.inFlight) {
            board.apply(event(.requestAnswering, 5, [.id: 7, .status: 201]))
        } changes: {
            $0[7]?.answeringAt = start + .milliseconds(5)
            $0[7]?.status = 201
        }
        board.apply(event(.requestFinished, 9, [.id: 7, .fate: "answered"]))
        #expect(board.requests.inFlight.isEmpty)
        #expect(board.requests.recent.last?.end == Lane.End(fate: .answered, at: start + .milliseconds(9)))
        #expect(board.traffic.fates == [.answered: 1])
        #expect(board.traffic.percentile(50).map { abs($0.milliseconds - 8) < 0.1 } == true)
    }

    /// One event each, and the phase that it leads to.
    static let phases: [(String, Run, Phase)] = [
        ("spawned", Run().saw(.processSpawned, .supervisor), .starting),
        ("serving", Run().starts(), .serving),
        ("signalled", Run().starts().signal(.terminate), .signalled),
        ("STOP asks nothing", Run().starts().signal(.stop), .serving),
        ("began", Run().starts().signal(.terminate).server(.shutdownBegan), .lead),
        ("drains", Run().starts().signal(.terminate).drains(), .draining),
        (
            "drained",
            Run().starts().signal(.terminate).drains().releases(["rotation", "listener"]).losing {
                $0.kind == .shutdownEnded
            }, .releasing("workers")
        ),
        ("ended", Run.drained, .exiting), ("gone", .polite, .gone),
        ("outside", Run.serving(traced: false).signal(.terminate), .draining),
        ("outside, all answered", Run.serving(traced: false).signal(.terminate).answers(1...3), .exiting),
    ]

    @Test func `is unmoved by what happens to a replacement`() {
        let board = Run.serving().board
        let after = Run.serving().signal(.terminate, by: "user").board
        let second = [
            Event(.rotationEntered, from: .balancer, at: board.time, [.instance: 2]),
            Event(.probeFailed, from: .balancer, at: board.time, [.instance: 2, .failures: 7]),
            Event(.rotationLeft, from: .balancer, at: board.time, [.instance: 2]),
            Event(.signalSent, from: .supervisor, at: board.time, [.instance: 2, .signal: 15]),
            Event(.processLeftBehind, from: .supervisor, at: board.time, [.instance: 2, .pid: 9]),
        ]
        var moved = board
        for event in second { moved.apply(event) }
        expectNoDifference(moved.rotation, board.rotation)
        expectNoDifference(moved.signals.sent, board.signals.sent)
        #expect(moved.remains.processes.isEmpty)
        #expect(moved.phase == .serving)
        #expect(after.phase == .signalled)
        // Whoever answered: the request was a client's.
        moved.apply(
            Event(.requestFinished, from: .client, at: board.time, [.id: 1, .fate: "answered", .instance: 2]))
        #expect(moved.traffic.fates == [.answered: 1])
    }

    @Test(arguments: phases.indices)
    func `knows its phase`(index: Int) {
        let (title, run, phase) = Self.phases[index]
        #expect(run.board.phase == phase, "\(title)")
        #expect(!run.board.at(run.time).explanation().isEmpty)
        #expect((run.board.at(run.time).waiting == nil) == [Phase.serving, .gone].contains(phase))
    }

    @Test func `does not wait for the same work next`() {
        let run = Run.serving().server(.jobFetched, [.id: 1]).signal(.terminate).drains().answers(1...3)
            .server(.drainEnded).server(.resourceReleased, [.name: "rotation"])
            .server(.resourceReleased, [.name: "listener"])
        let waiting = run.board.at(run.time).waiting
        #expect(waiting?.what == "1 job" && waiting?.next == ["ledger", "log"])
    }

    @Test func `freezes and goes on`() {
        let frozen = Run.serving().signal(.terminate).saw(.processStopped, .kernel)
        #expect(frozen.board.at(frozen.time).waiting?.what == "SIGCONT: the process is frozen")
        #expect(frozen.board.at(frozen.time).blockers().first?.subject == "the process")
        #expect(frozen.saw(.processContinued, .kernel).board.process.frozenSince == nil)
    }

    @Test func `knows that a signal came even if that news overtook the other`() {
        let run = Run.serving().server(.signalReceived, [.signal: 15]).signal(.terminate)
        let early = run.losing { $0.kind == .signalReceived }.events
        let received = Event(
            .signalReceived, from: .server, at: run.time + .milliseconds(1), sequence: 99, [.signal: 15])
        let board = Board(header: nil, early.dropLast() + [received] + early.suffix(1))
        #expect(board.signals.sent.first?.receivedAt == received.time)
    }

    @Test func `keeps one row for an id that comes again`() {
        let run = Run().starts().requests(1...2).answers(2...2).requests(2...2)
        #expect(run.board.requests.oldest(9).map(\.id) == [1, 2])
    }

    @Test func `no longer waits for a WebSocket that has echoed`() {
        let told = Run().starts().webSocket(1).signal(.terminate).drains().server(
            .websocketTold, [.id: 1, .code: 1001])
        #expect(told.board.at(told.time).blockers().map(\.subject) == ["websocket 1"])
        #expect(told.server(.websocketEchoed, [.id: 1]).board.at(told.time).blockers().isEmpty)
    }

    @Test func `tells of a WebSocket's end by its client, not by the server`() {
        let closed = Run().starts().webSocket(1).signal(.terminate).drains().server(
            .websocketClosed, [.id: 1, .code: 1006, .clean: false])
        #expect(!closed.board.feed.lines.contains { $0.text.hasPrefix("websocket 1") })
        let cut = closed.closes(webSocket: 1, clean: false).board
        #expect(cut.feed.lines.last?.text == "websocket 1 cut without a Close")
    }

    @Test func `predicts what a process does with a signal`() {
        let seen = Run().saw(
            .signalsSeen, .kernel, [.caught: .list([15, 9]), .ignored: .list([13]), .blocked: .list([2])])
        let signals = seen.board.signals
        #expect(signals.prediction(for: .terminate) == .caught)
        #expect(signals.prediction(for: .kill) == .byDefault(.terminate))
        #expect(signals.prediction(for: Signal(rawValue: 13)) == .ignored)
        #expect(signals.prediction(for: .interrupt) == .blocked)
        #expect(signals.prediction(for: .quit) == .byDefault(.core))
        #expect(Board().signals.prediction(for: .terminate) == .unknown)
    }

    @Test func `warns before the loss when a request will miss the limit`() throws {
        let late = Run().starts().saw(.requestStarted, .client, [.id: 1, .kind: "report", .expected: 60])
            .signal(.terminate).drains()
        #expect(late.board.at(late.time).countdowns.map(\.isAtRisk) == [true, true])
        let lane = try #require(late.board.requests.inFlight[1])
        #expect(late.board.at(late.time).isAtRisk(lane))
    }
}
