import Foundation
import LogImport
import Platform
import Player
import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `Whatever comes as a run` {
    private func converter() -> LogConverter { LogConverter(name: "input", rules: .builtIn) }

    @Test func `passes unchanged where it is a trace`() {
        var converter = converter()
        #expect(converter.convert(Story().bytes) + converter.end() == Story().bytes)
        #expect(converter.problems.isEmpty)
    }

    @Test func `is a trace also in pieces of any size`() {
        var converter = converter()
        let pieces = stride(from: 0, to: Story().bytes.count, by: 7).map { start in
            converter.convert(Array(Story().bytes[start..<min(start + 7, Story().bytes.count)]))
        }
        #expect(pieces.flatMap(\.self) + converter.end() == Story().bytes)
    }

    @Test func `becomes a trace where it is a log`() {
        var converter = converter()
        let bytes = converter.convert(Array(Story.log.utf8)) + converter.end()
        var reader = TraceReader()
        let items = reader.read(bytes) + reader.end()
        #expect(items.contains { if case .header(let header) = $0 { header.title == "gunicorn" } else { false } })
        #expect(items.count { if case .event = $0 { true } else { false } } == converter.events)
        #expect(converter.events >= 4)
    }

    @Test func `is handed over when a log rests`() {
        var converter = converter()
        #expect(converter.convert(Array(Story.log.utf8)).isEmpty)
        #expect(converter.mayHoldBack)
        #expect(!converter.rest().isEmpty)
    }

    @Test func `is refused where it is compressed`() {
        var converter = converter()
        #expect(converter.convert([0x1F, 0x8B, 8, 0]).isEmpty)
        #expect(converter.complaint?.contains("zcat") == true)
    }

    @Test func `is read from a pipe to its end`() throws {
        let pipe = try Platform.Pipe()
        _ = writeAll(Story().bytes, to: pipe.writing)
        pipe.closeWriting()
        defer { pipe.closeReading() }
        var converter = converter()
        var lines: [UInt8] = []
        var count = 0
        try converter.convert(pipe.reading, named: "pipe", isFollowed: true) { piece, read, _ in
            lines += piece
            count += read
            return true
        }
        #expect(lines == Story().bytes)
        #expect(count == Story().bytes.count)
    }

    @Test func `is named where it cannot be read`() {
        var converter = converter()
        #expect(throws: Failure("Cannot read the pipe: Bad file descriptor.")) {
            try converter.convert(-1, named: "the pipe") { _, _, _ in true }
        }
    }

    @Test func `has its first problems told, and the rest counted`() {
        var problems = ProblemList(["line 1: odd"], noun: "problems")
        for line in 2...20 { problems.add("line \(line): odd") }
        #expect(problems.sentences.count == 20)
        problems.add("line 21: odd")
        problems.add("line 22: odd")
        #expect(problems.sentences.last == "and 2 more problems")
        #expect(problems.sentences.count == 21)
    }

    @Test func `has as its name the last part of its path`() {
        #expect("/var/log/app.log".fileName == "app.log")
        #expect("app.log".fileName == "app.log")
        #expect("/".fileName == "/")
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A recorded run` {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ text: [UInt8], _ name: String = "run.log") throws -> String {
        let path = folder.path + "/" + name
        try Data(text).write(to: URL(filePath: path))
        return path
    }

    @Test func `is a trace that is read where it is`() throws {
        let path = try Story().file(in: folder)
        #expect(try ConvertedLog(of: path, rules: .builtIn) == nil)
        let recording = try Recording.whole(path)
        #expect(recording.timeline.count == Story().events.count)
        #expect(recording.progress == nil)
    }

    @Test func `is a log that is converted`() throws {
        let recording = try Recording(contentsOf: file(Array(Story.log.utf8)))
        try recording.readWhole()
        #expect(recording.timeline.count >= 4)
        #expect(recording.timeline.head.title == "gunicorn")
    }

    @Test func `says where it is missing`() {
        #expect(throws: Failure("Cannot open \(folder.path)/none: No such file or directory.")) {
            try Recording.whole(folder.path + "/none")
        }
        #expect(throws: Failure("Cannot open \(folder.path)/none: No such file or directory.")) {
            try InputFile.opened(folder.path + "/none")
        }
    }

    @Test func `says where it is a folder`() {
        #expect(throws: Failure("\(folder.path) is a folder. Name a trace in it.")) {
            try InputFile.opened(folder.path)
        }
    }

    @Test func `says how a compressed one is read`() throws {
        let path = try file([0x1F, 0x8B, 8, 0, 1, 2, 3])
        #expect(throws: Failure("\(path) is compressed. Try: zcat \(path) | drainboard watch -")) {
            try Recording.whole(path)
        }
    }

    @Test func `says that nothing happens in an empty one`() throws {
        let path = try file([], "empty.jsonl")
        #expect(throws: Failure.noEvent(in: path)) { try Recording(contentsOf: path).readWhole() }
    }

    @Test func `is played for an export as often as needed`() throws {
        let source = try ExportSource(Story().file(in: folder), rules: .builtIn)
        for _ in 1...2 {
            var events = 0
            let problems = try source.play(header: { #expect($0.title == "story") }, event: { _ in events += 1 })
            #expect(events == Story().events.count)
            #expect(problems.isEmpty)
        }
    }

    @Test func `is exported without the lines that cannot be read`() throws {
        let path = try file(Story().bytes + Array("nonsense\n".utf8), "torn.jsonl")
        let problems = try ExportSource(path, rules: .builtIn).play(header: { _ in }, event: { _ in })
        #expect(problems == ["line \(Story().events.count + 2): not a JSON object"])
    }

    @Test func `is looked at from its beginning without moving on in it`() throws {
        let input = try InputFile.opened(Story().file(in: folder))
        #expect(input.beginning == Story().bytes)
        #expect(input.beginning == Story().bytes)
        #expect(input.isFile)
        #expect(input.size == Story().bytes.count)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `Rules for the lines of logs` {
    @Test func `name the line of their file that is wrong`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/rules"
        try Data("nonsense\n".utf8).write(to: URL(filePath: path))
        #expect {
            try RuleBook.builtIn(extendedBy: path)
        } throws: { "\($0)".hasPrefix("\(path), line 1: ") }
    }

    @Test func `cannot come from a file that is missing`() {
        #expect(throws: Failure("Cannot read the rules in /none. Is it there, and text in UTF-8?")) {
            try RuleBook.builtIn(extendedBy: "/none")
        }
    }
}

@Suite(.timeLimit(.minutes(20))) struct `What a server prints` {
    @Test func `becomes inferred events at the time of the line`() {
        var interpreter = Interpreter(rules: .builtIn)
        let lines = Story.log.split(separator: "\n").map(String.init)
        let events = lines.flatMap { interpreter.meaning(of: $0, at: .seconds(9)) }
        #expect(!events.isEmpty)
        #expect(events.allSatisfy { $0.isInferred && $0.time == .seconds(9) && $0.importedLine == nil })
    }

    @Test func `never tells what others see for themselves`() {
        var interpreter = Interpreter(rules: .builtIn)
        let events = interpreter.meaning(of: "[2026-01-31 17:02:15 +0000] [41] [INFO] Handling signal: term", at: .zero)
        #expect(!events.contains { $0.kind == .signalReceived || $0.kind == .signalSent })
    }
}
