import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A deploy` {
    private let begun = Run.serving().deploys()

    private func answer(_ run: Run, _ id: Int, by instance: Int, _ fate: Fate = .answered) -> Run {
        run.saw(
            .requestFinished, .client,
            [.id: .number(id), .fate: .string(fate.rawValue), .instance: .number(instance)])
    }

    @Test func `waits for the second instance before its signal, and for that one's clients after the exit`() {
        let run = begun.signal(.terminate).drains().answers(1...3).releases().exits(0)
        #expect(run.board.isReplacing)
        #expect(run.board.at(run.time).waiting?.what == "the clients of instance 2")
        #expect(run.board.at(run.time).explanation().hasPrefix("The first instance is gone"))
        #expect(!run.endsDeploy().board.isReplacing)
        let early = Run.serving().saw(.deployBegan, .supervisor, [.balancer: "proxy"])
        #expect(early.board.at(early.time).waiting?.what == "instance 2 to start")
        #expect(early.board.at(early.time).waiting?.next == ["SIGTERM for instance 1"])
        let starting = early.saw(.instanceSpawned, .supervisor, [.instance: 2, .pid: 41300])
        #expect(starting.board.at(starting.time).waiting?.what == "instance 2 to answer")
    }

    @Test func `knows its two instances`() {
        let instances = begun.board.instances
        #expect(instances.map(\.number) == [1, 2])
        #expect(instances.map(\.pid) == [41213, 41300])
        #expect(instances.map(\.isInRotation) == [true, true])
        let gone = begun.signal(.terminate).drains().saw(
            .instanceExited, .kernel, [.instance: 2, .how: "exited", .code: 0])
        #expect(gone.board.instances.map(\.isInRotation) == [false, false])
        guard case .gone(.exited(code: 0), _)? = gone.board.instances.last?.state else {
            Issue.record("instance 2 is not gone")
            return
        }
    }

    @Test func `counts who served what, from its beginning on`() {
        let run = Run.serving().answers(1...1).deploys().requests(4...5)
        let board = answer(answer(answer(run, 2, by: 1), 4, by: 2), 5, by: 2, .cut).board
        #expect(board.deploy?.total == 3)
        #expect(board.deploy?.failed == 1)
        // The first one has been serving all the while.
        #expect(board.instances.map(\.served) == [2, 1])
        #expect(board.instances.map(\.failed) == [0, 1])
    }

    @Test func `leaves what the other instance serves out of the drain`() {
        let run = begun.signal(.terminate).drains().answers(1...3).requests(7...9)
        #expect(run.board.requests.inFlight.count == 3)
        #expect(run.board.at(run.time).waiting?.what == "the connections to close")
        #expect(run.board.at(run.time).blockers().isEmpty)
        let late = run.releases().after(5).answers(7...9).exits(0)
        // The other instance's answers are not what this one was busy with.
        #expect(late.verdict[.leftPromptly]?.held == false)
    }

    @Test func `that failed a request refused work`() {
        let late = begun.signal(.terminate).drains().answers(1...3).requests(7...7)
        let lost = answer(late, 7, by: 2, .unavailable).releases().exits(0).endsDeploy().ends()
        #expect(lost.verdict.word == .refusedWork)
        #expect(lost.verdict[.deployLostNothing]?.evidence == "1 of 4")
        let good = answer(late, 7, by: 2).releases().exits(0).endsDeploy().ends()
        #expect(good.verdict.word == .graceful)
        #expect(good.verdict[.deployLostNothing]?.evidence == "0 of 4")
        #expect(
            good.verdict.evidence.first?.text
                == "0 failed, 4 answered since it began   0 by instance 1, 1 by instance 2, 3 unsigned"
        )
    }

    @Test func `has a gap where nobody is in rotation between two instances, and no door that closed early`() {
        let stopped = Run.serving().signal(.terminate).drains().answers(1...3).releases().exits(0)
        let restarted = stopped.requests(7...9).answers(7...9, .refused).after(1.4).deploys()
        let verdict = answer(restarted.requests(10...10), 10, by: 2).endsDeploy().ends().verdict
        #expect(verdict.word == .refusedWork)
        #expect(verdict[.noneRefused]?.held == true)
        #expect(verdict[.noneRefused]?.evidence == "none of 1; 3 came while nobody was in rotation")
        #expect(verdict[.deployLostNothing]?.evidence == "3 turned away in 1.4 s with nobody in rotation")
        #expect(verdict.meaning.contains("1.4 s with nobody in rotation: 3 requests found nobody"))
        #expect(verdict.remedy.hasPrefix("Start the successor first"))
        #expect(verdict[.deployLostNothing]?.advice == verdict.remedy)
        #expect(verdict.evidence.contains { $0.label == "a gap" && $0.isLoss })
    }

    @Test(arguments: [Fate.closedUnanswered, .resetUnanswered])
    func `has a gap also where the balancer takes clients to whom it can give nobody`(fate: Fate) {
        let stopped = Run.serving().signal(.terminate).drains().answers(1...3).releases().exits(0)
        // HAProxy tries the closed listener once more before it gives up.
        let restarted = stopped.requests(7...9).after(1).answers(7...9, fate).after(0.4).deploys()
        let verdict = answer(restarted.requests(10...10), 10, by: 2).endsDeploy().ends().verdict
        #expect(verdict.word == .refusedWork)
        #expect(verdict[.lateAnswered]?.held == true)
        #expect(verdict[.deployLostNothing]?.evidence == "3 turned away in 1.4 s with nobody in rotation")
    }

    @Test func `has no gap where nobody came in it`() {
        let stopped = Run.serving().signal(.terminate).drains().answers(1...3).releases().exits(0)
        let verdict = answer(stopped.after(1.4).deploys().requests(10...10), 10, by: 2).endsDeploy().ends().verdict
        #expect(verdict.word == .graceful)
        #expect(verdict[.deployLostNothing]?.held == nil)
    }

    @Test(arguments: [Fate.resetEarly, .resetUnanswered, .closedUnanswered])
    func `finds a closed door behind the balancer, whatever its client saw`(fate: Fate) {
        let closed = begun.signal(.terminate).drains(behindBalancer: false).answers(1...3)
        let verdict = closed.requests(7...8).answers(7...8, fate).releases().exits(0).endsDeploy().ends().verdict
        #expect(verdict.word == .refusedWork)
        #expect(verdict[.noneRefused]?.evidence == "2 \(fate.words) of 2")
        #expect(verdict[.lateAnswered]?.held != false)
        #expect(verdict.meaning.hasPrefix("The door closed"))
    }

    @Test func `lost a request that an instance had taken`() {
        let closed = begun.signal(.terminate).drains(behindBalancer: false).answers(1...3).requests(7...7)
        let taken = closed.saw(.requestStarted, .server, [.id: 7, .method: "GET", .path: "/report", .instance: 2])
        let verdict = taken.answers(7...7, .resetUnanswered).releases().exits(0).endsDeploy().ends().verdict
        #expect(verdict.word == .dropped)
        #expect(verdict[.lateAnswered]?.held == false)
    }

    @Test func `closes its database itself, whatever the other instance tidies up`() {
        let closed = begun.signal(.terminate).drains().answers(1...3).releases().exits(0).audit().endsDeploy().ends()
        #expect(closed.verdict[.databaseClosed]?.evidence == "closed, as it says")
        let killed = begun.signal(.kill).dies(.kill).audit().endsDeploy().ends()
        #expect(killed.verdict[.databaseClosed]?.held == false)
    }

    @Test func `hears what the second instance tells, and takes none of it for the first one's word`() {
        func second(_ run: Run, _ kind: EventKind, _ sequence: Int, _ fields: [Fields.Entry] = []) -> Run {
            run.told(kind, .server, sequence, Fields(fields + [.init(.instance, 2)]))
        }
        var run = begun.pays(9).requests(7...8)
        run = second(run, .resourceAcquired, 1, [.init(.name, "log")])
        run = second(run, .requestStarted, 2, [.init(.id, 7)])
        run = second(run, .paymentCharged, 3, [.init(.order, 9), .init(.id, 1)])
        run = second(run, .paymentReplayed, 4, [.init(.order, 9), .init(.id, 1)])
        run = second(run, .signalReceived, 5, [.init(.signal, 15)])
        run = second(run, .shutdownBegan, 6)
        #expect(run.board.anomalies.total == 0)
        #expect(run.board.anomalies.missing == [:])
        #expect(run.board.phase == .serving)
        #expect(run.board.requests.inFlight[7]?.instance == 2)
        #expect(run.board.ledger.replayed == 1)
        #expect(run.board.ledger.charged == begun.board.ledger.charged + 1)
        #expect(run.board.feed.lines.last?.text.hasPrefix("instance 2: shutdown begins") == true)
        #expect(!run.board.feed.lines.contains { $0.text.contains("log acquired") && $0.text.contains("instance 2") })
    }

    @Test func `that is only a restart is not judged as one`() {
        let killed = Run.serving().signal(.kill).answers(1...3, .cut).dies(.kill).deploys().requests(7...7)
            .answers(7...7, .refused)
        let verdict = killed.endsDeploy().ends().verdict
        #expect(verdict[.deployLostNothing]?.held == nil)
        #expect(verdict.evidence.first?.label == "restart")
    }

    @Test func `may leave before a slow reader has its last answer`() {
        let late = Run.serving().signal(.terminate).drains().answers(2...3).releases().exits(0).after(3).answers(1...1)
        #expect(late.ends().verdict[.leftPromptly]?.held == true)
        #expect(late.ends().verdict[.leftPromptly]?.evidence == "at once; a client was still reading")
    }

    @Test func `counts the goodbyes of its own WebSockets`() {
        let open = Run.serving().webSocket(1).deploys().signal(.terminate).closes(webSocket: 1)
        let moved = open.webSocket(2).closes(webSocket: 2, clean: false)
        #expect(moved.verdict[.webSocketsTold]?.evidence == "1 of 1, code 1001")
        #expect(moved.verdict[.webSocketsTold]?.held == true)
    }

    @Test func `of any number of instances keeps few`() {
        let wild = begun.each([-1, 0, 99, 17, Int.max]) {
            $0.saw(.instanceSpawned, .supervisor, [.instance: .number($1), .pid: 7])
        }
        #expect(wild.board.instances.count == 2)
    }
}
