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
            let name = Recorder.name(stamp: stamp, title: "polite", pid: 7)
            try Recorder(files: [], directory: folder.path, name: name).close()
        }
        let kept = Recorder.recordings(in: folder.path)
        #expect(kept.count == Recorder.kept)
        #expect(kept.first?.hasSuffix("2026-01-01T00-00-59.000Z-polite-7.jsonl") == true)
        #expect(kept.last?.contains("00-00-10") == true)
        #expect(foreign.allSatisfy { FileManager.default.fileExists(atPath: folder.path + "/" + $0) })
    }

    @Test func `keeps every run of one title that begins in the same millisecond`() throws {
        let folder = try TemporaryFolder()
        let title = String(repeating: "p", count: 40)
        let name = Recorder.name(stamp: "2026-01-01T00-00-00.000Z", title: title, pid: 7)
        let paths = try (0..<3).map { _ in try Recorder(files: [], directory: folder.path, name: name).paths }
        #expect(Set(paths.joined()).count == 3)
        #expect(Recorder.recordings(in: folder.path).count == 3)
    }

    @Test func `makes a file name of any title`() {
        let name = Recorder.name(stamp: "2026-01-01T00-00-00.000Z", title: "../../etc/Passwd \u{1B}[2J", pid: 7)
        #expect(Recorder.isRecording(name))
        #expect(!name.contains("/"))
    }

    @Test func `refuses to begin when a file that was asked for cannot be written`() throws {
        #expect(throws: RunError.cannotRecord(file: "/nowhere/x", cause: "No such file or directory")) {
            try Recorder(files: ["/nowhere/x"], directory: nil, name: "x")
        }
    }

    @Test func `goes on without a state folder and says so once`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/run.jsonl"
        var recorder = try Recorder(files: [file], directory: "/proc/nothing", name: "x")
        let faults = recorder.write(Array("one\n".utf8)) + recorder.write(Array("two\n".utf8))
        recorder.close()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("/proc/nothing") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one\ntwo\n")
    }

    @Test func `ends one recording on a full disk and keeps the other`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/run.jsonl"
        var recorder = try Recorder(files: ["/dev/full", file], directory: nil, name: "x")
        let faults = recorder.write(Array("one\n".utf8)) + recorder.write(Array("two\n".utf8))
        recorder.close()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("No space left on device") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one\ntwo\n")
    }
}
