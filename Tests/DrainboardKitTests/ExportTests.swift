import Foundation
import Screen
import ShutdownTrace
import TestSupport
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A file that is exported` {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/out.svg" }
    private var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path) } }
    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func `is there whole, and alone`() throws {
        try ExportFile(path: path, mayReplace: false).write("new")
        #expect(try text() == "new")
        #expect(try names == ["out.svg"])
    }

    @Test func `replaces no other file unasked`() throws {
        try ExportFile(path: path, mayReplace: false).write("old")
        let failure = Failure("\(path) is there already. Give --force to replace it, or another name with -o.")
        #expect(throws: failure) { try ExportFile(path: path, mayReplace: false).write("new") }
        #expect(try text() == "old")
    }

    @Test func `replaces another file in one step where that is asked for`() throws {
        try ExportFile(path: path, mayReplace: false).write("old")
        try ExportFile(path: path, mayReplace: true).write("new")
        #expect(try text() == "new")
        #expect(try names == ["out.svg"])
    }

    @Test func `goes to where a link points`() throws {
        let link = folder.path + "/link.svg"
        try ExportFile(path: path, mayReplace: false).write("old")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        try ExportFile(path: link, mayReplace: true).write("new")
        #expect(try text() == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    }

    @Test func `is no folder`() {
        #expect(throws: Failure("\(folder.path) is a folder. Name a file in it with -o.")) {
            try ExportFile(path: folder.path, mayReplace: true).write("new")
        }
    }

    @Test func `leaves nothing behind where it cannot be written`() throws {
        #expect(throws: Failure.self) { try ExportFile(path: "\(folder.path)/none/x", mayReplace: true).write("new") }
        #expect(try names.isEmpty)
    }

    static let exports: [(String, ExportFormat, Bool, String)] = [
        ("/tmp/run.jsonl", .svg, false, "run.svg"), ("run.jsonl", .svg, true, "run-timeline.svg"),
        ("-", .html, false, "run.html"), ("a.b.log", .markdown, false, "a.b.md"),
        ("plain", .asciicast, false, "plain.cast"),
    ]

    @Test(arguments: exports)
    func `is named after its recording`(file: String, format: ExportFormat, isTimeline: Bool, name: String) {
        let request = ExportRequest(
            format, isTimeline: isTimeline, at: nil, size: Size(columns: 80, rows: 24), theme: .dark)
        #expect(request.name(for: file) == name)
    }

    @Test func `takes the first number that is free where a key asks for it`() throws {
        let frame = Painter.frame(
            board: Story().board, view: View(), now: .seconds(5), size: Size(columns: 40, rows: 9))
        let export = QuickExport(board: Story(title: "My App").board, frame: frame, moment: .seconds(5), theme: .dark)
        #expect(
            try export.write(in: folder.path + "/").map(\.fileName) == [
                "drainboard-my-app.md", "drainboard-my-app.svg",
            ])
        #expect(
            try export.write(in: folder.path + "/").map(\.fileName) == [
                "drainboard-my-app-2.md", "drainboard-my-app-2.svg",
            ])
    }
}
