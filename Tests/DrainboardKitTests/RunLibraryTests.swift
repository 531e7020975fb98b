import Experiment
import Foundation
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `The runs of a machine` {
    private let place: TemporaryFolder
    private var folder: StateFolder { StateFolder(place.path) }

    init() throws { place = try TemporaryFolder() }

    @discardableResult private func record(_ stem: String, _ bytes: [UInt8]? = nil) throws -> String {
        let path = place.path + "/\(stem).jsonl"
        let end = TraceLine(.event(Event(.run(.ended), from: .supervisor, at: .seconds(7)))).bytes
        try Data(bytes ?? Story().bytes + end).write(to: URL(filePath: path))
        return path
    }

    @Test func `are called by the shortest moment that no other has`() throws {
        try record("2026-01-31T17-02-11.250Z-polite-1")
        try record("2026-01-31T17-02-11.251Z-polite-1")
        try record("2026-01-31T17-02-12.000Z-polite-1")
        try record("2026-01-31T17-02-13.000Z-polite-1")
        try record("2026-01-31T17-02-13.000Z-polite-2")
        let library = RunLibrary(folder)
        #expect(
            library.runs.map(library.name) == [
                "2026-01-31T17-02-13.000Z-polite-2", "2026-01-31T17-02-13.000Z-polite-1", "01-31T17-02-12",
                "01-31T17-02-11.251", "01-31T17-02-11.250",
            ])
        for run in library.runs { #expect(try library.run(library.name(of: run)) == run) }
    }

    @Test func `are found by the beginning of a name that no other has`() throws {
        let first = try record("2026-01-31T17-02-11.250Z-polite-1")
        let second = try record("2026-02-01T17-02-11.250Z-polite-1")
        var note = RunNote()
        note.name = "before-the-fix"
        try #require(StateFolder.run(at: first)).write(note)
        let library = RunLibrary(folder)
        #expect(try library.run("before").path == first)
        #expect(try library.run("01-31").path == first)
        #expect(try library.run("2026-02").path == second)
        #expect(throws: Failure("\"2026\" fits 2 runs: 02-01T17-02-11, before-the-fix. Give more of the name.")) {
            try library.run("2026")
        }
        #expect(throws: Failure.self) { try library.run("") }
        #expect(
            try RunLibrary.file("2026-01-31T17-02-11.250Z-polite-1.jsonl", in: folder) == first, "as the list shows it")
        #expect(!library.isFree("before-the-fix", for: library.runs[0]))
        #expect(library.isFree("before-the-fix", for: library.runs[1]))
        #expect(!library.isFree("01-31", for: library.runs[0]))
    }

    @Test func `are whole only where their end was written`() throws {
        try record("2026-01-31T17-02-11.250Z-whole-1")
        try record("2026-01-31T17-02-12.250Z-cut-1", Story().bytes)
        try record("2026-01-31T17-02-13.250Z-empty-1", [])
        let entries = RunLibrary(folder).entries
        #expect(entries.map(\.extent) == [.empty, .cut, .whole])
        #expect(entries.map { $0.verdict?.word } == [nil, nil, .graceful])
        #expect(RunLibrary(folder).newest?.extent == .cut)
    }

    @Test func `are a table that fits a terminal`() throws {
        try record("2026-01-31T17-02-11.250Z-whole-1")
        let story = Story(title: String(repeating: "long ", count: 30) + "\u{1B}[2J")
        try record("2026-01-31T17-02-12.250Z-cut-1", story.bytes)
        let lines = RunList(RunLibrary(folder).entries).lines(width: 80)
        #expect(lines.allSatisfy { $0.count <= 80 && !$0.contains("\u{1B}") })
        #expect(lines[1].contains("cut short") && lines[1].contains("…"))
        #expect(lines[2].contains("GRACEFUL"))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A number of bytes` {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (3_940, "3.9 kB"), (53_625, "54 kB"), (1_000_000_000, "1 GB"),
    ])
    func `is short in words`(bytes: Int, words: String) { #expect(bytes.inBytes == words) }
}

@Suite(.timeLimit(.minutes(20))) struct `How a run was made` {
    private var header: Header {
        var facts = RunFacts()
        facts.invocation = Invocation(["check", "--url", "http://127.0.0.1:{port}/", "--", "node", "it's.js"])
        facts.url = "http://127.0.0.1:{port}/"
        facts.version = "1.2.3"
        facts.host = "Linux 6.1, x86_64, 2 processors"
        return Header(
            started: "2026-01-31T17:02:11.250Z", clock: .zero, title: "node", command: "node", fields: facts.fields)
    }

    @Test(arguments: Report.Format.allCases) func `is in every report`(format: Report.Format) throws {
        let board = Board(header: header, Story().events)
        let text = try Report(board, recording: nil).formatted(format, ascii: false)
        for fact in ["drainboard check --url", "http://127.0.0.1:{port}/", "1.2.3", "Linux 6.1, x86_64, 2 processors"] {
            #expect(text.contains(fact), "\(fact)")
        }
        #expect(text.contains("2026-01-31"))
    }

    @Test func `is not in the report of an older recording`() throws {
        let report = Report(Story().board, recording: nil)
        #expect(!(try report.formatted(.text, ascii: false)).contains("what was done"))
        #expect(!(try report.formatted(.junit, ascii: false)).contains("properties"))
    }
}
