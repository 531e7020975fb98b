import Foundation
import ShutdownBoard
import ShutdownTrace
import TestSupport

/// A small run, told event by event: two requests, a signal after four seconds, and an end.
struct Story {
    enum End { case answered, killed, none }

    var title = "story"
    var server: RunFacts.ServerKind?
    var end = End.answered
    var exit = ExitStatus.exited(code: 0)
    /// A line that the server prints.
    var output: String?

    var header: Header {
        var facts = RunFacts()
        facts.server = server
        return Header(
            started: "2026-01-31T17:02:11.250Z", clock: .seconds(100), title: title, command: "serve",
            fields: facts.fields)
    }

    var events: [Event] {
        var told: [(Payload, Source, Double)] = [
            (.process(.spawned(pid: 41, command: "serve")), .supervisor, 0),
            (.process(.serving(port: 8080, took: .milliseconds(50))), .supervisor, 0.05),
            (.request(.started(.init(id: 1, method: "GET", path: "/report"))), .client, 1),
            (.request(.started(.init(id: 2, method: "GET", path: "/report"))), .client, 2),
        ]
        if let output { told.append((.process(.printed(.output, text: output)), .supervisor, 3)) }
        guard end != .none else { return Self.events(told) }
        told.append((.signal(.sent(.init(.terminate, pid: 41, by: .check))), .supervisor, 4))
        if end == .killed { told.append((.signal(.sent(.init(.kill, pid: 41, by: .grace))), .supervisor, 5)) }
        let fate = end == .killed ? Fate.resetUnanswered : .answered
        told.append((.request(.finished(.init(id: 1, fate: fate, status: 200))), .client, 5.5))
        told.append((.request(.finished(.init(id: 2, fate: fate, status: 200))), .client, 5.5))
        let status = end == .killed ? ExitStatus.signaled(.kill, coreDumped: false) : exit
        told.append((.process(.exited(status)), .kernel, 6))
        return Self.events(told)
    }

    private static func events(_ told: [(Payload, Source, Double)]) -> [Event] {
        told.map { payload, source, seconds in Event(payload, from: source, at: .seconds(seconds)) }
    }

    var board: Board { Board(header: header, events) }

    /// The trace as bytes.
    var bytes: [UInt8] {
        ([.header(header)] + events.map(TraceReader.Item.event)).flatMap { TraceLine($0).bytes }
    }

    /// Writes the trace into a folder, and returns its path.
    func file(in folder: TemporaryFolder, _ name: String = "run.jsonl") throws -> String {
        let path = folder.path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// Four lines of a gunicorn that is asked to stop.
    static let log = """
        [2026-01-31 17:02:11 +0000] [41] [INFO] Starting gunicorn 23.0.0
        [2026-01-31 17:02:11 +0000] [41] [INFO] Listening at: http://127.0.0.1:8000 (41)
        [2026-01-31 17:02:15 +0000] [41] [INFO] Handling signal: term
        [2026-01-31 17:02:16 +0000] [41] [INFO] Shutting down: Master

        """
}
