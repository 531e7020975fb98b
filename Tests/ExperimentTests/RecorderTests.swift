import Foundation
import ShutdownTrace
import TestSupport
import Testing

@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A recorder` {
    @Test func `keeps the newest fifty runs and touches nothing else`() throws {
        let folder = try TemporaryFolder()
        let foreign = ["notes.jsonl", "2026-01-01T00-00-00.000Z-polite.jsonl", "2026-01-01T00-00-00.000Z-a-1.json"]
        for name in foreign { try Data().write(to: URL(fileURLWithPath: folder.path + "/" + name)) }
        for second in 0..<60 {
            let stamp = "2026-01-01T00-00-" + (second < 10 ? "0" : "") + "\(second).000Z"
            let name = StateFolder.name(stamp: stamp, title: "polite", pid: 7)
            try Recorder(files: [], keeping: .folder(StateFolder(folder.path)), name: name).close()
        }
        let kept = StateFolder(folder.path).runs.map(\.path)
        #expect(kept.count == StateFolder.newest)
        #expect(kept.first?.hasSuffix("2026-01-01T00-00-59.000Z-polite-7.jsonl") == true)
        #expect(kept.last?.contains("00-00-10") == true)
        #expect(foreign.allSatisfy { FileManager.default.fileExists(atPath: folder.path + "/" + $0) })
    }

    @Test func `keeps every run of one title that begins in the same millisecond`() throws {
        let folder = try TemporaryFolder()
        let title = String(repeating: "p", count: 40)
        let name = StateFolder.name(stamp: "2026-01-01T00-00-00.000Z", title: title, pid: 7)
        let paths = try (0..<3).map { _ in
            try Recorder(files: [], keeping: .folder(StateFolder(folder.path)), name: name).paths
        }
        #expect(Set(paths.joined()).count == 3)
        #expect(StateFolder(folder.path).runs.count == 3)
    }

    @Test func `makes a file name of any title`() {
        let name = StateFolder.name(stamp: "2026-01-01T00-00-00.000Z", title: "../../etc/Passwd \u{1B}[2J", pid: 7)
        #expect(StateFolder.isRecording(name))
        #expect(!name.contains("/"))
    }

    @Test func `refuses to begin when a file that was asked for cannot be written`() throws {
        #expect(throws: RunError.cannotRecord(file: "/nowhere/x", cause: "No such file or directory")) {
            try Recorder(files: ["/nowhere/x"], keeping: .nowhere, name: "x")
        }
    }

    @Test func `goes on without a state folder and says so once`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/run.jsonl"
        var recorder = try Recorder(files: [file], keeping: .folder(StateFolder("/proc/nothing")), name: "x")
        let faults = recorder.write(Array("one\n".utf8)) + recorder.write(Array("two\n".utf8))
        recorder.close()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("/proc/nothing") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one\ntwo\n")
    }

    @Test func `ends one recording on a full disk and keeps the other`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/run.jsonl"
        var recorder = try Recorder(files: ["/dev/full", file], keeping: .nowhere, name: "x")
        let faults = recorder.write(Array("one\n".utf8)) + recorder.write(Array("two\n".utf8))
        recorder.close()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("No space left on device") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one\ntwo\n")
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The folder of the recordings` {
    private let place: TemporaryFolder
    private var folder: StateFolder { StateFolder(place.path) }

    init() throws { place = try TemporaryFolder() }

    /// Writes a recording of so many bytes that began in this second.
    @discardableResult private func record(_ second: Int, bytes: Int = 10, marks: String? = nil) throws -> String {
        let digits = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
        let stamp = "2026-01-01T01-\(digits(second / 60))-\(digits(second % 60)).000Z"
        let path = place.path + "/" + StateFolder.name(stamp: stamp, title: "polite", pid: Int32(second + 1))
        try Data(repeating: 0x20, count: bytes).write(to: URL(filePath: path))
        if let marks { try Data(marks.utf8).write(to: URL(filePath: path + ".marks")) }
        return path
    }

    private func note(_ path: String, kept: Bool = false, name: String? = nil) throws {
        var note = RunNote()
        note.isKept = kept
        note.name = name
        try #require(StateFolder.run(at: path)).write(note)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test func `lets what was kept, named or marked stay, and does not count it`() throws {
        let paths = try (0..<4).map { try record($0, marks: $0 == 2 ? "{\"t\":1,\"event\":1}\n" : nil) }
        try note(paths[0], kept: true)
        try note(paths[1], name: "good")
        for second in 4..<(4 + StateFolder.newest) { try record(second) }
        folder.prune(to: .max)
        #expect(paths.prefix(3).allSatisfy(exists))
        #expect(!exists(paths[3]))
        #expect(folder.runs.count == StateFolder.newest + 3)
        #expect(folder.runs.count { $0.stays } == 3)
    }

    @Test func `deletes the oldest beyond its size`() throws {
        let paths = try (0..<5).map { try record($0, bytes: 100) }
        try note(paths[4], kept: true)
        folder.prune(to: 250)
        #expect(paths.map(exists) == [false, false, true, true, true])
        folder.prune(to: 1)
        #expect(paths.map(exists) == [false, false, false, true, true], "the newest stays")
    }

    @Test func `deletes the marks and the note of what is gone`() throws {
        let path = try record(0, marks: "x")
        try note(path, kept: true)
        unlink(path)
        try Data().write(to: URL(filePath: place.path + "/other.marks"))
        folder.prune(to: .max)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["other.marks"])
    }

    @Test func `deletes a run with its marks and its note`() throws {
        let path = try record(0, marks: "x")
        try note(path, name: "good")
        try #require(StateFolder.run(at: path)).delete()
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
    }

    @Test func `never deletes a run that is being written`() throws {
        let name = StateFolder.name(stamp: "2026-01-01T00-00-00.000Z", title: "polite", pid: 1)
        let recorder = try Recorder(files: [], keeping: .folder(folder), name: name)
        let path = try #require(recorder.paths.first)
        #expect(StateFolder.run(at: path)?.isBeingWritten == true)
        for second in 0..<StateFolder.newest { try record(second) }
        folder.prune(to: 1)
        #expect(exists(path))
        recorder.close()
        #expect(StateFolder.run(at: path)?.isBeingWritten == false)
        try record(59)
        folder.prune(to: .max)
        #expect(folder.runs.count <= StateFolder.newest)
    }

    @Test(arguments: ["good", "a.b_c-1", "9"]) func `takes a name that is a word`(name: String) throws {
        let path = try record(0)
        try note(path, name: name)
        #expect(StateFolder.run(at: path)?.note.name == name)
    }

    @Test(arguments: ["", "-x", ".", "a/b", "a b", "a\u{1B}[2J", "é", String(repeating: "x", count: 41)])
    func `takes no name that is none`(name: String) throws {
        #expect(!RunNote.isName(name))
        let path = try record(0)
        try Data("{\"name\":\"\(name)\"}\n".utf8).write(to: URL(filePath: path + ".note"))
        #expect(StateFolder.run(at: path)?.note.name == nil)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The limits of recordings` {
    @Test(arguments: [("1500", 1_500), ("20k", 20_000), ("500M", 500_000_000), ("2G", 2_000_000_000), ("0", 0)])
    func `are read with their units`(text: String, bytes: Int) {
        #expect(RecordingLimits { $0 == RecordingLimits.totalVariable ? text : nil }.total == bytes)
        #expect(RecordingLimits { $0 == RecordingLimits.singleVariable ? text : nil }.single == bytes)
    }

    @Test(arguments: ["x", "-1", "1.5G", "G", "999999999999G"]) func `are told where they are none`(text: String) {
        let limits = RecordingLimits { $0 == RecordingLimits.totalVariable ? text : nil }
        #expect(limits.total == RecordingLimits().total)
        #expect(limits.faults.count == 1 && limits.faults[0].hasPrefix("\(RecordingLimits.totalVariable)=\(text) "))
    }

    @Test func `end a recording with one line that says so, and no other file`() throws {
        let folder = try TemporaryFolder()
        var limits = RecordingLimits()
        limits.single = 10
        let file = folder.path + "/asked.jsonl"
        let name = StateFolder.name(stamp: "2026-01-01T00-00-00.000Z", title: "polite", pid: 1)
        var recorder = try Recorder(
            files: [file], keeping: .folder(StateFolder(folder.path)), name: name, limits: limits)
        let kept = try #require(recorder.paths.last)
        #expect(recorder.write(Array("12345\n".utf8)).isEmpty)
        let faults = recorder.write(Array("67890\n".utf8))
        #expect(faults.count == 1 && faults[0].contains("it has reached 10 bytes"))
        #expect(recorder.paths == [file])
        #expect(recorder.write(Array("fault\n".utf8)).isEmpty && recorder.write(Array("more\n".utf8)).isEmpty)
        recorder.close()
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "12345\n67890\nfault\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "12345\n67890\nfault\nmore\n")
    }

    @Test func `leave a run without a place to be kept a sentence`() throws {
        var recorder = try Recorder(files: [], keeping: .unknown, name: "x")
        #expect(recorder.write(Array("1\n".utf8)).first?.contains("neither XDG_STATE_HOME nor HOME") == true)
    }
}
