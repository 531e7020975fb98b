import LogImport
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A program that no rule knows` {
    static let log = """
        2026-01-31 17:02:01,118 INFO listening
        2026-01-31 17:02:11,250 WARN caught SIGINT, shutting down gracefully
        2026-01-31 17:02:11,251 INFO draining 3 requests
        2026-01-31 17:02:12,300 INFO drained
        2026-01-31 17:02:12,301 INFO closing the pool
        2026-01-31 17:02:12,310 ERROR pool was slow
        2026-01-31 17:02:12,320 INFO bye
        """

    @Test func `gets phases from plain words, all of them guessed`() {
        let imported = Imported(Self.log)
        #expect(imported.program == nil)
        let events = imported.events.filter { $0.kind != .logLine }
        #expect(events.allSatisfy { $0.isInferred })
        #expect(imported.phases == ["SERVING", "SIGNALLED", "DRAINING", "EXITING", "RELEASING THE POOL", "EXITING"])
        #expect(imported.board.verdict.word == .inconclusive)
        #expect(
            imported.board.verdict.headline
                == "the shutdown ended 1.1 s after SIGINT, says the log; how it left is not told")
    }

    @Test func `keeps what is not known as lines with their level`() {
        let lines = Imported(Self.log).events.filter { $0.kind == .logLine }
        #expect(lines.map { $0.fields.string(.text) } == ["INFO listening", "ERROR pool was slow"])
        #expect(lines.map { $0.fields.string(.level) } == ["info", "error"])
        #expect(lines.map { $0.fields.int("line") } == [1, 6])
    }

    static let silent = [
        "GET /shutdown 200", "handlers for SIGTERM installed", "received 15 bytes", "received SIGHUP, reloading",
        "connection closed", "worker exited", "job stopped", "graceful_timeout=30", "POST /draining 201", "terminal",
        "signal strength 15 dB is fine", "bytes: 12", "shutdown hooks: 3",
    ]

    @Test(arguments: silent) func `that says nothing of a shutdown is not guessed about`(line: String) {
        let imported = Imported("2026-01-31T17:02:01Z \(line)\n")
        #expect(imported.story == [])
        #expect(imported.board.verdict.headline == "cannot know: the log says nothing of a shutdown")
        #expect(imported.board.verdict.rules.allSatisfy { $0.held == nil })
    }

    static let signals: [(String, Signal)] = [
        ("received SIGTERM", .terminate), ("Got SIGINT (Ctrl-C)", .interrupt), ("signal: terminated", .terminate),
        ("caught signal 15", .terminate), ("SIGTERM signal received.", .terminate), ("signal=interrupt", .interrupt),
        (#"{"msg":"stop","signal":"SIGQUIT"}"#, .quit), (#"{"msg":"bye bye","signal":"terminated"}"#, .terminate),
    ]

    @Test(arguments: signals) func `has its signal read in many wordings`(line: String, signal: Signal) {
        #expect(Imported(line).board.stopSignal?.signal == signal)
    }

    /// In the style of Rust's tracing, Redis, klog, Caddy, Celery, Envoy and MySQL.
    static let styles: [(String, [String])] = [
        (
            "SIGTERM received, starting graceful shutdown\nno longer accepting connections\nall connections closed\npool closed"
                + "\nshutdown complete",
            [
                "signal.received?", "shutdown.began?", "listener.closed?", "drain.began?", "drain.ended?",
                "shutdown.ended?",
            ]
        ),
        (
            "Received SIGTERM scheduling shutdown...\nDB saved on disk\nReady to exit, bye bye...",
            ["signal.received?", "shutdown.began?", "shutdown.ended?"]
        ),
        ("Received SIGTERM\nexiting", ["signal.received?", "shutdown.began?", "shutdown.ended?"]),
        (
            #"I0302 09:14:31.1 1 main.go:55] "Received shutdown signal" signal="terminated""#,
            ["signal.received?", "shutdown.began?"]
        ),
        (
            #"{"ts":1772442871.3,"msg":"shutting down apps","signal":"SIGTERM"}"# + "\n"
                + #"{"ts":1772442872.5,"msg":"shutdown complete","signal":"SIGTERM"}"#,
            ["signal.received?", "shutdown.began?", "shutdown.ended?"]
        ),
        ("worker: Warm shutdown (MainProcess)", ["shutdown.began?"]),
        ("caught ENVOY_SIGTERM\nshutting down server instance\nexiting", ["shutdown.began?", "shutdown.ended?"]),
        ("Received SHUTDOWN from user. Shutting down mysqld", ["shutdown.began?"]),
        ("got SIGINT\ngot SIGINT", ["signal.received?", "signal.received?"]),
    ]

    @Test(arguments: styles) func `is read in the style of its kind`(log: String, story: [String]) {
        let imported = Imported(log)
        #expect(imported.story == story)
        #expect(imported.board.anomalies.total == 0)
    }

    /// Nothing here was asked to stop, as far as the log goes.
    static let traces = [
        "serving\nTraceback (most recent call last):\n  File \"/srv/app.py\", line 8, in main\nKeyboardInterrupt",
        "Exception in thread \"main\" IllegalStateException: connection pool shut down\n\tat a.B.c(B.java:34)\n\t... 3 more",
        "panic: nil pointer\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\nexit status 2",
        "thread 'main' panicked at src/main.rs:4:5:\nserver is shut down",
    ]

    @Test(arguments: traces) func `that dies with a stack trace is not guessed about`(log: String) {
        #expect(Imported(log).board.verdict.headline == "cannot know: the log says nothing of a shutdown")
    }

    @Test func `is known from the first line that says who it is, however late`() {
        let noise = (0..<500).map { "2026-01-31T17:02:01Z line \($0)" }.joined(separator: "\n")
        let imported = Imported(
            noise + "\n2026-01-31T17:02:11Z Commencing graceful shutdown. Waiting for active requests to complete\n")
        #expect(imported.program == "Spring Boot")
        #expect(imported.story == ["shutdown.began", "drain.began"])
    }

    @Test func `that rests before the window is full is shown`() {
        var importer = LogImporter(name: "app")
        #expect(importer.read(Array("2026-01-31T17:02:11Z shutting down\n".utf8)) == [])
        #expect(importer.rest().count == 2)
        let more = importer.read(Array("2026-01-31T17:02:12Z bye\n".utf8))
        #expect(more.count == 1)
        #expect(importer.end() == [])
    }
}
