import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The advice of a verdict` {
    /// Three requests are in flight, and SIGTERM comes to a server with these handlers.
    private static func asked(catching signals: [Int] = [15, 2]) -> Run {
        Run(traced: false).starts(catching: signals).losing { $0.source == .balancer }.requests(1...3)
            .after(1).signal(.terminate, by: "check")
    }

    private static func killed(_ run: Run) -> Verdict {
        run.saw(.listenerGone, .kernel).after(3).saw(.graceExpired, .supervisor).signal(.kill, by: "grace").dies(.kill)
            .ends().verdict
    }

    private static func seen(_ kind: String, _ cause: String, _ text: String) -> Fields {
        [.name: .string("\(kind) 7"), .kind: .string(kind), .cause: .string(cause), .text: .string(text)]
    }

    private static let quiet = seen("connection", "quiet", "idle or busy")
    private static let asleep = seen("thread", "waits", "the first thread waits for time to pass (clock_nanosleep)")

    @Test(arguments: RuleName.allCases)
    func `has a place among what is to be mended, for every rule that has any`(rule: RuleName) {
        let verdict = `A rule`.runs(rule).failed.verdict
        guard verdict[rule]?.advice != nil else { return }
        #expect(verdict.mending.contains { $0.name == rule })
    }

    @Test func `names the idle connections that held a server until the kill`() {
        let run = Self.asked().answers(1...3).saw(.blockerSeen, .kernel, Self.quiet)
        let verdict = Self.killed(run.command("node app.js"))
        #expect(verdict.mending.first?.advice?.contains("closeIdleConnections") == true)
        #expect(Self.killed(run).mending.first?.advice?.contains("waited for connections") == true)
        #expect(verdict.mending.contains { $0.advice?.contains("catch the signal") == true } == false)
        #expect(verdict[.exitStatus]?.advice == nil)
    }

    @Test func `sees the thread that sleeps behind the connections that are open`() {
        let verdict = Self.killed(
            Self.asked().answers(1...3).saw(.blockerSeen, .kernel, Self.quiet).saw(.blockerSeen, .kernel, Self.asleep))
        let evidence = verdict.evidence.first { $0.label == "idle wait" }?.text ?? ""
        #expect(evidence.contains("connection 7") && evidence.contains("clock_nanosleep"), "\(evidence)")
        #expect(verdict.mending.first?.advice?.contains("sleeps") == true)
    }

    @Test func `looks for the core of a crash in the clean-up, and not for an exit status`() {
        let verdict = Self.asked().answers(1...3).saw(.outputPrinted, .supervisor, [.text: "freeing the pool"])
            .dies(Signal(rawValue: 11)).ends().verdict
        #expect(verdict.word == .crashed && verdict.lesson.contains("crashed in its clean-up"))
        #expect(verdict.mending.map(\.name) == [.leftByItself])
        #expect(verdict.mending.first?.advice?.contains("core") == true)
        #expect(verdict.evidence.contains { $0.text == "freeing the pool" })
    }

    @Test func `names the signals for which there is a handler`() {
        let verdict = Self.asked(catching: [3]).answers(1...3, .closedUnanswered).dies(.terminate).ends().verdict
        #expect(verdict.word == .unhandled)
        #expect(verdict.mending.first?.advice?.contains("catches SIGQUIT: try --signal QUIT") == true)
        let bare = Self.asked(catching: []).command("python3 app.py").answers(1...3, .closedUnanswered).dies(.terminate)
            .ends().verdict
        #expect(bare.mending.first?.advice?.contains("signal.signal(signal.SIGTERM") == true)
        #expect(bare.mending.first?.advice?.contains("try --signal") == false)
    }

    @Test func `is for the framework of the server, and names no other`() {
        let lost = Self.asked().answers(1...3, .cut)
        func advice(_ run: Run) -> String { run.exits(0).ends().verdict[.inFlightAnswered]?.advice ?? "" }
        #expect(advice(lost) == RuleName.inFlightAnswered.advice)
        #expect(advice(lost.command("gunicorn app:app")).contains("gunicorn: send TERM"))
        let said = lost.command("python3 app.py")
            .saw(.outputPrinted, .supervisor, [.text: "INFO: Uvicorn running on http://127.0.0.1:8000"])
        #expect(advice(said).contains("uvicorn: --timeout-graceful-shutdown") && !advice(said).contains("gunicorn"))
        #expect(said.verdict.framework?.evidence.contains("Uvicorn running") == true)
    }

    @Test(
        arguments: [
            ("/usr/bin/python3.11 -m http.server 80", Framework.pythonHTTPServer), ("php -S 127.0.0.1:80", .phpBuiltIn),
            ("nginx: master process nginx -g daemon off;", .nginx), ("/usr/sbin/php-fpm8.2 -F", .phpFPM),
            ("/home/me/app/.build/debug/App", .swift), ("sh -c exec node server.js", .node),
            ("puma 6.4.0 (tcp://x)", .puma),
            ("PORT=1 timeout 10 bundle exec puma -p 1", .puma), ("sh -c 'exec gunicorn app:app'", .gunicorn),
            ("python3 app.py --front nginx", .python), ("node server.js flask", .node),
            ("./a.out", nil), ("./a.out --front /usr/sbin/nginx puma", nil),
        ] as [(String, Framework?)])
    func `knows a framework by the command`(command: String, framework: Framework?) {
        #expect(Run.serving(traced: false).command(command).verdict.framework?.framework == framework)
    }

    @Test(
        arguments: [
            ("python3 app.py", "Werkzeug/3.0.1 Python/3.11.7", Framework.flask), ("./app", "Express", .node),
            ("python3 app.py", "nginx/1.24", .python), ("gunicorn app:app", "Werkzeug/3.0.1", .gunicorn),
            ("java -jar app.jar", "Jetty(12.0.1)", .jetty), ("./app", "WEBrick/1.8.1", .webrick),
            ("./app", "SimpleHTTP/0.6 Python/3.11", .pythonHTTPServer), ("./app", "my own", nil),
        ] as [(String, String, Framework?)])
    func `knows a framework by its answers where its command says less`(
        command: String, product: String, framework: Framework?
    ) {
        let run = Run(traced: false).command(command).saw(.processSpawned, .supervisor, [.pid: 1])
            .saw(.processServing, .supervisor, [.port: 1, .product: .string(product)])
        #expect(run.verdict.framework?.framework == framework)
    }

    @Test func `begins with the timer that ended the server at a round time`() {
        func advice(_ seconds: Double) -> String {
            let run = Self.asked().after(seconds).exits(1).answers(1...3, .cut).ends()
            return run.verdict[.inFlightAnswered]?.advice ?? ""
        }
        #expect(advice(1).hasPrefix("It exited with 1, 1.0 s after SIGTERM, as a timer of its own does"))
        #expect(!advice(1.25).contains("timer"))
    }

    @Test func `is about the drain of a server whose handler was overrun, and then raised the signal again`() {
        let overrun = Self.asked().after(1).answers(1...1).answers(2...3, .resetUnanswered).dies(.terminate).ends()
        #expect(overrun.verdict.word == .dropped)
        #expect(overrun.verdict.mending.map(\.name) == [.inFlightAnswered])
        let runtime = Self.asked().answers(1...3, .resetUnanswered).dies(.terminate).ends()
        #expect(runtime.verdict.word == .unhandled)
    }

    @Test func `on a SIGKILL that this run did not send speaks of no exit status`() {
        let verdict = Self.asked().answers(1...3).dies(.kill).ends().verdict
        #expect(verdict[.exitStatus]?.advice?.contains("out-of-memory") == true)
    }

    @Test func `does not lengthen a drain for requests that were never taken`() {
        let verdict = Self.asked().saw(.socketsSeen, .kernel, [.waiting: 2]).saw(.listenerGone, .kernel).after(1)
            .answers(1...1).answers(2...3, .resetUnanswered).exits(0).ends().verdict
        #expect(verdict.word == .dropped)
        #expect(verdict[.inFlightAnswered]?.advice?.contains("more workers or threads") == true)
        #expect(verdict[.inFlightAnswered]?.advice?.contains("graceful-timeout") == false)
    }

    @Test func `does not take for closed what the kill closed`() {
        let verdict = Self.asked().answers(1...3).after(3).signal(.kill, by: "grace")
            .saw(.connectionClosed, .client, [.id: 9, .kind: "idle", .how: "fin"]).dies(.kill).ends().verdict
        #expect(verdict.evidence.first { $0.label == "idle connections" }?.text == "1 open until the exit")
    }

    @Test(arguments: ["secondary-db ended by itself", "no second chance", "second signal, SIGFOO"])
    func `tells of a second signal only where one came`(cause: String) {
        func forced(_ cause: String) -> Run {
            Run().starts().requests(1...3).signal(.terminate).drains().server(.shutdownForced, [.cause: .string(cause)])
        }
        func lesson(_ run: Run) -> String {
            run.answers(1...3, .resetUnanswered).releases().exits(1).ends().verdict.lesson
        }
        func facts(_ run: Run) -> String { run.board.at(run.time).facts }
        #expect(lesson(forced("second signal, SIGINT")).contains("second signal"))
        #expect(facts(forced("second signal, SIGINT")).contains("second signal"))
        #expect(!lesson(forced(cause)).contains("second signal"))
        #expect(facts(forced(cause)).contains("shutdown is forced (\(cause))"))
        #expect(!facts(forced(cause)).contains("A second signal"))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A trace that has only the server's own word` {
    private static let began = Run().saw(.resourceAcquired, .server, [.name: "Database"])
        .saw(.resourceAcquired, .server, [.name: "Worker"]).saw(.signalReceived, .server, [.signal: 15, .ordinal: 1])
        .saw(.shutdownBegan, .server, [.cause: "SIGTERM"])

    @Test func `does not say that the process is still there`() {
        let verdict = Self.began.saw(.shutdownEnded, .server, [.outcome: "clean"]).verdict
        #expect(verdict.word == .inconclusive && verdict.headline == "nobody saw whether it exited")
        #expect(verdict[.exitStatus]?.evidence == "nobody saw whether it exited")
        #expect(verdict.lesson.contains("own word"))
    }

    @Test func `waits for its steps, and for no balancer or listener that it never told of`() {
        let run = Self.began.saw(.resourceReleasing, .server, [.name: "Worker"])
        let waiting = run.board.at(run.time).waiting
        #expect(waiting?.what == "Worker to be released" && waiting?.next == ["Database"])
    }
}
