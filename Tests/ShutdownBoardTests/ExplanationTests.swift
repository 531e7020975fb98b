import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `An explanation` {
    private func text(_ run: Run) -> String { run.board.at(run.time).explanation() }

    private let asked = Run.serving().signal(.terminate)

    @Test func `of a server that tells nothing claims nothing of its inside`() {
        let outside = Run.serving(traced: false).signal(.terminate)
        #expect(text(outside).contains("seen from outside"))
        #expect(!text(outside).contains("listener is closed"))
        #expect(text(outside.saw(.listenerGone, .kernel, [.port: 8080])).contains("listener is closed"))
        #expect(text(outside.answers(1...3)).contains("still there"))
        #expect(!text(outside.answers(1...3)).contains("Everything is given back"))
    }

    @Test func `of a database that is closed too early says what it costs`() {
        let early = asked.server(.jobFetched, [.id: 1]).drains().answers(1...3).server(.drainEnded)
            .server(.resourceReleasing, [.name: "ledger"])
        #expect(text(early).contains("1 job still run"))
        let late = asked.drains().answers(1...3).server(.drainEnded).releasesWorkers()
            .server(.resourceReleasing, [.name: "ledger"])
        #expect(text(late).contains("Nobody uses the database any more"))
    }

    @Test func `of jobs behind a closed database says that they fail`() {
        let run = asked.server(.jobFetched, [.id: 1]).drains().answers(1...3).server(.drainEnded)
            .server(.resourceReleasing, [.name: "ledger"]).server(.ledgerClosed, [.open: 0])
            .server(.resourceReleased, [.name: "ledger", .took: 0.1])
            .server(.resourceReleasing, [.name: "workers"])
        #expect(text(run).contains("closed already"))
    }

    @Test func `of an exit with something left names what was left`() {
        let run = asked.drains().answers(1...3).server(.drainEnded).server(.shutdownEnded)
        #expect(text(run).contains("log, ledger, workers, listener, rotation were never given back"))
    }

    @Test func `of a serving server says what SIGTERM would do`() {
        func serving(_ caught: [Int]) -> String { text(Run().starts(catching: caught)) }
        #expect(serving([15]).contains("catches SIGTERM"))
        #expect(serving([]).contains("no handler for SIGTERM"))
        #expect(!serving([15]).contains("Press t"))
        #expect(Run.serving().board.at(.zero).explanation(canAsk: true).contains("Press t"))
    }

    @Test func `of the start says whether the handlers stand`() {
        let started = Run().saw(.processSpawned, .supervisor, [.pid: 1]).server(.resourceAcquired, [.name: "log"])
        #expect(text(started).contains("do not stand yet"))
        #expect(text(started.server(.signalsArmed)).contains("stand already"))
    }

    @Test func `of a lead changes once the balancer knows`() {
        let lead = asked.server(.signalReceived, [.signal: 15]).server(
            .shutdownBegan, Budgets(drain: .seconds(30)).fields
        )
        .server(.readinessLowered)
        #expect(text(lead).contains("a few failed probes"))
        #expect(text(lead.saw(.rotationLeft, .balancer)).contains("sends nobody new"))
    }
}

extension Run {
    fileprivate func releasesWorkers() -> Run {
        each(["rotation", "listener", "workers"]) {
            $0.server(.resourceReleasing, [.name: .string($1)])
                .server(.resourceReleased, [.name: .string($1), .took: 0.1])
        }
    }
}
