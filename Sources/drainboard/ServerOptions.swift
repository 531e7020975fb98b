import ArgumentParser
import Clients
import DrainboardKit
import Experiment
import Platform
import ShutdownTrace

/// The options about a server of any program: its command, and what its clients ask for.
struct ServerOptions: ParsableArguments {
    @Option(help: "Of a page of the server, best one that takes its time; {port} in it stands for a free port.")
    var url: String?

    @Option(help: "The readiness check, a path or URL: a balancer polls it (default: there is no balancer).")
    var ready: String?

    @Option(
        help: ArgumentHelp(
            "How many clients of each kind: slow, new (a second), idle, silent, half, pipelined, reader, upload, "
                + "websocket (default: slow=8,new=10,idle=2,pipelined=1,reader=1, and upload=1 with --upload or a method "
                + "that has a body). All of them send the one request that the options describe, again and again; only "
                + "upload makes a POST of a GET.", valueName: "kind=n,…"))
    var mix: String?

    @Option(help: "Upload bodies of so many bytes slowly too (default where --mix or --method asks for it: 262144).")
    var upload: Int?

    @Option(help: "GET, POST or another method (default: GET, with a body POST).")
    var method: String?

    @Option(help: ArgumentHelp("Sent with every request; may be repeated.", valueName: "name: value"))
    var header: [String] = []

    @Option(help: "Sent with every request.")
    var body = ""

    @Option(
        help: ArgumentHelp(
            "What a right answer has: a status such as 200, or a text in its body (default: what the answers before the "
                + "signal had)."))
    var expect: String?

    @Option(help: "The path or URL of a WebSocket.")
    var websocket: String?

    @Option(help: "Who gets the signal: main, the process that was started, or group, its whole process group.")
    var to = Receiver.main

    @Option(
        parsing: .unconditional, help: "Seconds within which the server must answer for the first time (default: 10).",
        transform: DurationArgument.seconds)
    var start = 10.0

    @Argument(parsing: .postTerminator, help: "After --, the command that starts the server in the foreground.")
    var command: [String] = []

    /// Who gets a signal.
    enum Receiver: String, ExpressibleByArgument, CaseIterable {
        case main, group

        var target: SignalTarget { self == .main ? .process : .group }
    }

    /// Whether any of these options was given, so that the server is not the demo's.
    var isGiven: Bool { url != nil || !command.isEmpty || to != .main || firstDetail != nil }

    /// The first option that needs `--url`.
    private var firstDetail: String? {
        let details = [
            ("--ready", ready != nil), ("--mix", mix != nil), ("--upload", upload != nil), ("--method", method != nil),
            ("--header", !header.isEmpty), ("--body", !body.isEmpty), ("--expect", expect != nil),
            ("--websocket", websocket != nil),
        ]
        return details.first(where: \.1)?.0
    }

    func validate() throws {
        guard isGiven else { return }
        if url == nil, let detail = firstDetail {
            throw ValidationError("\(detail) needs --url: it says how a server that is not the demo's is asked.")
        }
        guard !command.isEmpty else {
            throw ValidationError(
                "There is no command that starts the server. Give it last, after two dashes: -- node server.js")
        }
        try positive(start, "--start", "seconds")
        do { _ = try (target(), clients()) } catch {
            throw ValidationError(error.description)
        }
        if let upload, !(1...Target.mostBytes).contains(upload) {
            throw ValidationError("--upload must be from 1 to \(Target.mostBytes) bytes, not \(upload).")
        }
    }

    /// What is asked for; nil without `--url`.
    ///
    /// - Throws: ``RunError/badPlan(_:)`` with a sentence.
    func target() throws(RunError) -> Target? {
        guard let url else { return nil }
        let place = try LocalURL(url)
        var target = try Target(place, method: method, body: body)
        for line in header { try target.addHeader(line) }
        if let upload { target.uploadBytes = upload }
        target.expectation = expect.map(Expected.init)
        if let websocket { target.webSocket = try place.path(websocket, webSocket: true) }
        if let ready { _ = try place.path(ready) }
        return target
    }

    /// - Throws: ``RunError/badPlan(_:)`` with a sentence.
    func clients() throws(RunError) -> Mix {
        var usual = Mix()
        // A body is only sent where one was asked for.
        let takesBody = try target()?.takesBody ?? false
        if upload != nil || takesBody { usual.upload = 1 }
        guard let mix else { return usual }
        return try Mix(mix, usual: usual)
    }

    /// Plans a run without any signal.
    ///
    /// - Parameters:
    ///   - port: Where the URL says `{port}`, or has none because there is no URL; nil for a free one.
    ///   - grace: In seconds; nil for ``ServerSession/grace``.
    /// - Returns: The session.
    /// - Throws: `ValidationError` when that cannot be.
    func session(port: Int?, grace: Double?) throws -> ServerSession {
        do throws(RunError) {
            let target = try target()
            var session = try ServerSession(command, asking: target, by: clients(), port: port)
            if let grace { session.plan.grace = .seconds(grace) }
            if let target, let ready { try session.balance(ready, of: target) }
            session.plan.signalTarget = to.target
            session.plan.servingTimeout = .seconds(start)
            session.plan.invocation = .ofThisProcess
            session.plan.url = url
            return session
        } catch { throw ValidationError(error.description) }
    }
}
