import CustomDump
import ShutdownTrace
import Testing

@testable import ShutdownBoard

@Suite(.timeLimit(.minutes(20))) struct `An event that cannot have happened` {
    static let gone = Run.polite
    static let impossible: [(String, Run, Run)] = {
        let serving = Run.serving()
        let paid = serving.pays(9)
        let job = serving.server(.jobFetched, [.id: 1])
        let held = serving.holds()
        let deploying = serving.saw(.deployBegan, .supervisor)
        return [
            ("request.started: started before", serving, serving.requests(1...1)),
            ("request.started: no id", serving, serving.saw(.requestStarted, .client)),
            ("request.finished: never started", serving, serving.answers(8...8, .cut)),
            ("request.finished: no fate", serving, serving.saw(.requestFinished, .client, [.id: 1, .fate: "eaten"])),
            ("process.spawned: spawned before", serving, serving.saw(.processSpawned, .supervisor, [.pid: 2])),
            ("process.exited: the process is gone", gone, gone.exits(1)),
            ("process.stopped: the process is gone", gone, gone.saw(.processStopped, .kernel)),
            ("process.exited: no how", serving, serving.saw(.processExited, .kernel, [.how: "exited"])),
            ("process.exited: no how", serving, serving.exits(256)),
            ("signal.sent: no signal", serving, serving.saw(.signalSent, .supervisor, [.signal: 99])),
            ("signal.sent: the process is gone", gone, gone.signal(.terminate)),
            ("shutdown.began: began before", Run.drained, Run.drained.server(.shutdownBegan)),
            ("drain.ended: never began", serving, serving.server(.drainEnded)),
            ("resource.released: nothing is not held", serving, serving.server(.resourceReleased, [.name: "nothing"])),
            ("resource.acquired: log is held already", serving, serving.server(.resourceAcquired, [.name: "log"])),
            ("resource.released: no name", serving, serving.server(.resourceReleased)),
            ("listener.closed: closed before", Run.drained, Run.drained.server(.listenerClosed)),
            ("websocket.closed: never opened", serving, serving.closes(webSocket: 5, clean: false)),
            ("job.finished: never fetched", serving, serving.server(.jobFinished, [.id: 3])),
            ("job.fetched: fetched before", job, job.server(.jobFetched, [.id: 1])),
            ("transaction.committed: never began", serving, serving.server(.transactionCommitted, [.id: 3])),
            ("payment.settled: never intended", serving, serving.settles(4)),
            ("payment.intended: intended before", paid, paid.pays(9)),
            ("payment.charged: no order", serving, serving.server(.paymentCharged)),
            ("ledger.closed: closed before", Run.drained, Run.drained.server(.ledgerClosed, [.open: 4])),
            ("gate.held: held already, or gone", held, held.holds()),
            ("gate.released: was not held", serving, serving.goesOn()),
            ("deploy.began: began before", deploying, deploying.saw(.deployBegan, .supervisor)),
            ("instance.serving: no deploy began", serving, serving.saw(.instanceServing, .supervisor, [.instance: 2])),
        ]
    }()

    @Test(arguments: impossible.indices)
    func `is counted, and changes nothing else`(index: Int) {
        let (what, before, after) = Self.impossible[index]
        #expect(after.board.anomalies.counts.map(\.key.text) == [what] && after.board.anomalies.total == 1)
        expectNoDifference(Essence(after.board), Essence(before.board))
    }

    @Test func `is not a second clean-up of a server that says so`() {
        let again = Run.drained.server(.shutdownBegan, [.ordinal: 2]).server(.resourceReleased, [.name: "log"])
        #expect(again.board.anomalies.total == 0 && again.board.shutdown.beginnings == 2)
        #expect(again.board.shutdown.beganAt == Run.drained.board.shutdown.beganAt)
    }

    @Test func `may also be the same event twice`() {
        let paid = Run.serving().pays(9).charges(9)
        let twice = Board(header: nil, paid.events + [paid.events.last].compactMap { $0 })
        #expect(twice.anomalies.counts == [.sameEventTwice(.server): 1])
        #expect(twice.ledger.charged == 1)
        #expect(twice.ledger.seenTwice.isEmpty)
    }

    @Test func `may also come long before the last of its source`() {
        func at(_ seconds: Double, _ source: Source) -> Event { Event(.logLine, from: source, at: .seconds(seconds)) }
        #expect(Board([at(9, .client), at(3, .server), at(8.5, .client)]).anomalies.total == 0)
        #expect(Board([at(9, .client), at(3, .client)]).anomalies.counts == [.timeRanBackwards(.client): 1])
    }

    @Test func `is never taken for a gap, and a gap never for it`() {
        func events(_ numbers: Int...) -> Board {
            Board(numbers.map { Event(.logLine, from: .server, at: .zero, sequence: $0) })
        }
        #expect(events(1, 2, 3).anomalies.missing == [:])
        #expect(events(1, 5).anomalies.missing == [.server: 3])
        #expect(events(3).anomalies.missing == [.server: 2])
        #expect(events(1, 3, 2).anomalies.missing == [:], "late is not lost")
        #expect(events(1, 3, 2).anomalies.total == 0)
        #expect(events(0, 0).anomalies.total == 0, "0 is no number")
        #expect(events(1, .max).anomalies.missing[.server] ?? 0 > 1_000_000)
    }
}

/// What a board says of everything but its own input.
struct Essence: Equatable {
    var process: ServerProcess
    var signals: Signals
    var shutdown: Shutdown
    var listener: Listener
    var resources: Resources
    var inFlight: [Int: Lane]
    var fates: [Fate: Int]
    var websockets: WebSockets
    var jobs: Jobs
    var ledger: Ledger
    var remains: Remains
    var feed: [Feed.Line]

    init(_ board: Board) {
        (process, signals, shutdown, listener) = (board.process, board.signals, board.shutdown, board.listener)
        (resources, websockets, jobs, ledger) = (board.resources, board.websockets, board.jobs, board.ledger)
        (inFlight, fates) = (board.requests.inFlight, board.traffic.fates)
        (remains, feed) = (board.remains, Array(board.feed.lines))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A clean-up that begins again` {
    private let run = Run.serving().signal(.terminate).drains().server(
        .shutdownBegan,
        Fields([.init(.cause, "POST /shutdown"), .init(.ordinal, 2)] + Budgets(drain: .seconds(30)).fields.entries)
    ).answers(1...3).releases()

    private var twice: Run {
        run.server(.resourceReleasing, [.name: "workers"]).server(.resourceReleased, [.name: "workers"])
            .server(.resourceReleasing, [.name: "ledger"])
            .server(.resourceFailed, [.name: "ledger", .cause: "the ledger was closed before"])
    }

    @Test func `is a fact, and nothing impossible`() {
        #expect(twice.board.anomalies.total == 0)
        #expect(twice.board.shutdown.beginnings == 2)
        #expect(twice.board.shutdown.repeats.map(\.cause.text) == ["POST /shutdown"])
        let lines = twice.board.feed.lines.map(\.text)
        #expect(lines.contains("the clean-up begins once more: POST /shutdown"))
        #expect(lines.contains("workers released again"))
    }

    @Test func `says so on the card, and no resource is released and never begun`() throws {
        let verdict = twice.exits(0).ends().verdict
        let evidence = Dictionary(uniqueKeysWithValues: verdict.evidence.map { ($0.label, $0) })
        #expect(evidence["clean-ups"]?.text.hasPrefix("2 begun   again by POST /shutdown after") == true)
        let released = try #require(evidence["released"])
        #expect(
            released.text
                == "5 of 5   rotation, listener, workers, ledger, log; workers released again; ledger failed the second time"
        )
        #expect(verdict[.releasedInOrder]?.held == false)
        #expect(verdict.word == .wrongOrder)
        #expect(evidence["trace"] == nil)
    }

    @Test func `is impossible where it does not say that it is another`() {
        let board = Run.serving().signal(.terminate).drains().server(.shutdownBegan).board
        #expect(board.anomalies.total == 1)
    }
}
