internal import CustomDump
internal import Foundation
import LogImport
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The logs that servers wrote` {
    /// Everything that is read from one of them, as a person would tell it.
    static func story(_ name: String) throws -> String {
        let imported = try Fixture.imported(name)
        let verdict = imported.board.verdict
        var lines = ["== \(name): \(imported.program ?? "no known program"), \(imported.header?.started ?? "")"]
        lines += imported.problems.map { "line \($0)" }
        for event in imported.events where event.kind != .logLine {
            let skipped: Set<Fields.Key> = [.text, .level, .inferred, "line"]
            let fields = event.fields.entries.filter { !skipped.contains($0.key) }
            let line = String(decoding: LineWriter.line(Fields(fields)).dropLast(), as: UTF8.self)
            let mark = event.isInferred ? "?" : ""
            lines.append(
                "\(event.time.seconds) line \(event.fields.int("line") ?? 0) \(event.kind.rawValue)\(mark) \(line)")
        }
        lines.append(imported.phases.joined(separator: " > "))
        lines.append("\(verdict.word.rawValue): \(verdict.headline)")
        lines += verdict.evidence.map { "  \($0.label): \($0.text)" }
        lines += verdict.rules.filter { $0.held != nil }.map { "  \($0.name) \($0.held == true): \($0.evidence)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `DRAINBOARD_WRITE_GOLDEN=1` writes the stories anew; read the difference before it is committed.
    @Test(arguments: Fixture.names) func `are told as it stands in stories.txt`(name: String) throws {
        expectNoDifference(try Self.story(name), try Fixture.stories()[name] ?? "")
    }

    @Test func `are all that stories.txt tells of`() throws {
        if ProcessInfo.processInfo.environment["DRAINBOARD_WRITE_GOLDEN"] == "1" {
            try Fixture.write(try Fixture.names.map(Self.story).joined(separator: "\n"), to: "stories.txt")
        }
        #expect(try Fixture.stories().keys.sorted() == Fixture.names.sorted())
    }

    static let programs: [(String, String?)] = [
        ("go", "Go server"), ("swift-service-lifecycle", "swift-service-lifecycle"), ("uvicorn", "uvicorn"),
        ("gunicorn-term", "gunicorn"), ("puma", "puma"), ("puma-cluster", "puma"), ("nginx-quit", "nginx"),
        ("haproxy-usr1", "HAProxy"), ("postgresql-smart", "PostgreSQL"), ("handmade-spring", "Spring Boot"),
        ("handmade-kube-apiserver", "kube-apiserver"), ("systemd-killed", "systemd"),
        ("docker-events", "Docker"), ("docker-json-file", "Go server"), ("dockerd", "Docker"),
        ("journal-json", "Go server"), ("zap", nil), ("node", nil),
    ]

    @Test(arguments: programs) func `are recognised by their first bytes`(name: String, program: String?) throws {
        #expect(LogImporter.recognise(try Fixture.bytes(name)) == .log(program: program))
    }

    static let words: [(String, Verdict.Word)] = [
        ("go", .inconclusive), ("go-timeout", .dropped), ("gunicorn-int", .dropped), ("nginx-term", .inconclusive),
        ("postgresql-fast", .dropped), ("uvicorn", .inconclusive), ("uvicorn-timeout", .dropped),
        ("handmade-spring-aborted", .dropped), ("systemd-killed", .forceKilled), ("docker-events-clean", .inconclusive),
        ("systemd-status", .badExit), ("systemd-clean", .inconclusive),
        ("docker-events", .forceKilled), ("handmade-silent", .inconclusive),
    ]

    @Test(arguments: words) func `get the word that they can prove`(name: String, word: Verdict.Word) throws {
        #expect(try Fixture.imported(name).board.verdict.word == word)
    }

    @Test(arguments: Fixture.names) func `never prove a graceful end`(name: String) throws {
        let board = try Fixture.imported(name).board
        #expect(board.isImported)
        #expect(!board.verdict.word.isGraceful)
        #expect(board.verdict.evidence.contains { $0.label == "not in the log" })
        #expect(board.verdict.rules.allSatisfy { $0.held != true || $0.name == .exitStatus })
        #expect(board.anomalies.total == 0)
    }

    @Test(arguments: Fixture.names) func `read the same in pieces of any size`(name: String) throws {
        let whole = try Fixture.imported(name)
        for piece in [1, 7, 100] { #expect(try Fixture.imported(name, piece: piece).items == whole.items) }
    }

    @Test(arguments: Fixture.names) func `become a trace that reads back`(name: String) throws {
        var importer = LogImporter(name: name, latest: Fixture.latest)
        let trace = importer.convert(try Fixture.bytes(name)) + importer.convertEnd()
        var reader = TraceReader()
        let items = reader.read(trace) + reader.end()
        let events = items.compactMap {
            if case .event(let event) = $0, event.kind != .faultReported { event } else { nil }
        }
        #expect(events == (try Fixture.imported(name).events))
        #expect(!items.contains { if case .problem = $0 { true } else { false } })
    }
}
