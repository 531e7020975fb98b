import Foundation
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `What an event says` {
    static let recordings: [URL] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let folder = root.appending(path: "demo/recordings")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }
    }()

    static func events(_ file: URL) throws -> [Event] {
        var reader = TraceReader()
        return (reader.read(Array(try Data(contentsOf: file))) + reader.end()).compactMap {
            if case .event(let event) = $0 { event } else { nil }
        }
    }

    @Test func `is tried on real runs`() {
        #expect(Self.recordings.count >= 28)
    }

    /// The fields that belong to every event, whatever it says.
    static let common: Set<Fields.Key> = ["instance", "inferred", "line"]

    /// A span is written to the microsecond.
    static func rounded(_ entry: Fields.Entry) -> String {
        guard case .double(let seconds) = entry.value else { return "\(entry.key.rawValue) \(entry.value)" }
        return "\(entry.key.rawValue) \(Time.seconds(seconds).microseconds)"
    }

    @Test(arguments: recordings)
    func `is written as it was read`(file: URL) throws {
        for event in try Self.events(file) {
            let payload = try event.payload
            #expect(payload != .unknown, "\(event.name)")
            let again = Event(payload, from: event.source, at: event.time)
            let wanted = event.fields.entries.filter { !Self.common.contains($0.key) }
            // The system call of a thread is read from the text of older traces.
            let written = again.fields.entries.filter { $0.key != "call" }.map(Self.rounded)
            #expect(Set(written) == Set(wanted.map(Self.rounded)), "\(event.name)")
            #expect(again.kind == event.kind)
        }
    }

    @Test(arguments: EventKind.allCases.filter { $0 != .unknown })
    func `has a type for every kind`(kind: EventKind) throws {
        // Every value that some kind cannot do without.
        let fields: Fields = [
            "id": 1, "order": 2, "name": "ledger", "signal": 15, "how": "exited", "code": 0, "fate": "cut", "pid": 3,
            "took": 0.5,
        ]
        for source in Source.allCases {
            let event = Event(kind, from: source, at: .zero, fields)
            let payload = try event.payload
            #expect(payload != .unknown)
            let written = Event(payload, from: source, at: .zero)
            #expect(written.kind == kind)
            #expect(try written.payload == payload)
        }
    }

    @Test(arguments: [
        (EventKind.requestStarted, "no id"), (.signalSent, "no signal"), (.resourceReleased, "no name"),
        (.paymentCharged, "no order"), (.processExited, "no how"),
    ])
    func `is nothing without what it cannot do without`(kind: EventKind, why: String) {
        #expect {
            try Event(kind, from: .server, at: .zero).payload
        } throws: {
            "\($0)" == why
        }
    }

    @Test(arguments: [
        ("bodies", SkippedWork.bodies), ("report", .clients(.report)), ("slowReader", .clients(.slowReader)),
        ("reports", .other("reports")), ("", .other("")),
    ])
    func `names the work that is skipped`(word: String, work: SkippedWork) throws {
        let event = Event(.workSkipped, from: .client, at: .zero, ["kind": .string(word), "cause": "no"])
        #expect(try event.payload == .connection(.workSkipped(work, cause: "no")))
        #expect(try Event(event.payload, from: .client, at: .zero).fields == event.fields)
    }

    @Test(arguments: [nil, false, true] as [Bool?])
    func `says of a core only what was told`(core: Bool?) throws {
        let death = Payload.process(.exited(.signaled(.kill, coreDumped: core)))
        let event = Event(death, from: .importer, at: .zero)
        #expect(event.fields.bool("core") == core)
        #expect(try event.payload == death)
    }

    @Test func `of an unknown kind is unknown, and its fields stay`() throws {
        let event = Event(name: "fan.spun", from: .server, at: .zero, ["rpm": 4])
        #expect(try event.payload == .unknown)
        #expect(event.fields.int("rpm") == 4)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The cause of a shutdown` {
    @Test func `that is forced is compared as a whole`() {
        #expect(ForcedCause(text: "second signal, SIGTERM") == .secondSignal(.terminate))
        #expect(ForcedCause(text: "drain deadline") == .drainDeadline)
        #expect(ForcedCause(text: "secondary-db ended by itself") == .other("secondary-db ended by itself"))
        #expect(ForcedCause(text: "second signal, SIGNOTHING") == .other("second signal, SIGNOTHING"))
    }

    @Test(arguments: ["SIGTERM", "SIGRTMIN+3", "second signal, SIGINT", "POST /shutdown", "", "15", "TERM"])
    func `is written as it was read`(text: String) {
        #expect(ShutdownCause(text: text).text == text)
        #expect(ForcedCause(text: text).text == text)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `What a server is told` {
    @Test(arguments: ["hold", "release", "step", "lead 1.5", "keep 10.3"])
    func `is read from its line and written as it`(line: String) {
        #expect(ControlCommand(line: line)?.line == line)
    }

    @Test(arguments: [
        ("hold", ControlCommand.hold), (" hold ", .hold), ("release", .release), ("step", .step),
        ("lead 0.5", .lead(.milliseconds(500))), ("lead 0", .lead(.zero)),
        ("keep 2.5", .keepLead(.milliseconds(2_500))),
    ])
    func `is a command`(line: String, command: ControlCommand) {
        #expect(ControlCommand(line: line) == command)
    }

    @Test(arguments: [
        "", "lead", "lead x", "lead -1", "lead nan", "lead 1 2", "lead 1e99", "holds", "hold it", "hold on", "LEAD 1",
        "keep", "keep 1000001", "\u{0}",
    ])
    func `is no other line`(line: String) {
        #expect(ControlCommand(line: line) == nil)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The facts of a run` {
    @Test func `are written as they were read`() {
        var facts = RunFacts()
        #expect(facts.fields.entries.isEmpty)
        facts.seed = 7
        facts.rate = 12.5
        facts.port = 8080
        facts.grace = .seconds(45)
        facts.isUnasked = true
        facts.isUntimed = true
        facts.threshold = 2
        facts.interval = .seconds(0.5)
        #expect(RunFacts(facts.fields) == facts)
        facts.server = .demo
        facts.budgets = Budgets(drain: .seconds(30))
        facts.invocation = Invocation(["check", "--url", "http://127.0.0.1:{port}/a b", "--", "it's", ""])
        facts.url = "http://127.0.0.1:{port}/a b"
        facts.version = "1.2.3"
        facts.host = "Linux 6.1, x86_64, 2 processors"
        #expect(RunFacts(facts.fields) == facts)
    }

    @Test func `name the demo server, also in a trace from before there was a word for it`() throws {
        for file in `What an event says`.recordings {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self).prefix { $0 != "\n" }
            let header = try #require(parsed(String(text))?.header)
            #expect(header.facts.server == .demo)
        }
        let foreign = Header(started: "", clock: .zero, title: "x", command: "node /srv/drainboard/server.js")
        #expect(foreign.facts.server == nil)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A command line in a report` {
    @Test func `is ready to be copied into a shell`() {
        let words = [
            "check", "--url", "http://127.0.0.1:{port}/slow?ms=1", "--", "node", "my server.js", "it's", "", "a=b",
        ]
        #expect(
            Invocation(words).description
                == #"drainboard check --url 'http://127.0.0.1:{port}/slow?ms=1' -- node 'my server.js' 'it'\''s' '' a=b"#
        )
    }

    static let lines: [[String]] = [
        [], ["demo"], ["--plain"], ["a b", "'", "''", "\\", "\"", "$HOME", "`x`", "é", "\n", "--", "-"],
    ]

    @Test(arguments: lines) func `is read as it was written, and as a shell reads it`(words: [String]) throws {
        #expect(Invocation(Invocation(words).description) == Invocation(words))
        let shell = Process()
        let pipe = Pipe()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "drainboard() { for word; do printf '%s\\0' \"$word\"; done; }; \(Invocation(words))"]
        shell.standardOutput = pipe
        try shell.run()
        let read = pipe.fileHandleForReading.readDataToEndOfFile().split(separator: 0, omittingEmptySubsequences: false)
        shell.waitUntilExit()
        #expect(read.dropLast().map { String(decoding: $0, as: UTF8.self) } == words)
    }

    @Test(arguments: ["", "ls -l", "drainboard 'open", "drainboard open\\"]) func `is no other text`(text: String) {
        #expect(Invocation(text) == nil)
    }

    @Test func `has the options between the subcommand and the server's command`() {
        #expect(Invocation(["check", "--after", "1", "--", "x", "--y"]).options == ["--after", "1"])
        #expect(Invocation(["--plain"]).options == ["--plain"])
        #expect(Invocation([]).options.isEmpty)
    }
}
