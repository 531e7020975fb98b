import Foundation
import Glibc
package import Platform
import ShutdownTrace

/// A recording in the state folder, with what a person said about it.
package struct StoredRun: Hashable, Sendable {
    package let path: String
    package let size: Int
    package let note: RunNote
    /// Whether a person marked a moment of it.
    package let isMarked: Bool

    /// What follows the name of a recording in the names of the files that belong to it.
    static let marksEnding = ".marks"
    static let noteEnding = ".note"

    init(_ path: String, isMarked: Bool) {
        self.path = path
        self.isMarked = isMarked
        var status = stat()
        size = stat(path, &status) == 0 ? Int(status.st_size) : 0
        note = RunNote(contentsOf: path + Self.noteEnding)
    }

    /// Its file's name without the ending: `2026-01-31T17-02-11.250Z-polite-41213`.
    package var stem: String { String(path.split(separator: "/").last?.dropLast(".jsonl".count) ?? "") }

    /// Whether it is never deleted to make room.
    package var stays: Bool { note.isKept || note.name != nil || isMarked }

    /// Whether the program that makes the run still writes: it holds a lock on the file, which ends with that program.
    package var isBeingWritten: Bool { FileLock.isHeld(on: path) }

    /// Deletes the recording, its marks and the note about it.
    package func delete() {
        for ending in ["", Self.marksEnding, Self.noteEnding] { unlink(path + ending) }
    }

    /// Writes down what a person says about it.
    ///
    /// - Throws: `RunError` when that cannot be written.
    package func write(_ note: RunNote) throws(RunError) { try note.write(to: path + Self.noteEnding) }

    /// Moves the recording to another folder, such as from that of the runs that may go to that of those that stay.
    ///
    /// - Returns: Its path there; nil when it cannot be moved.
    package func move(to folder: StateFolder) -> String? {
        let target = folder.path + "/" + stem + ".jsonl"
        return rename(path, target) == 0 ? target : nil
    }
}

/// What a person said about a recording: one line of JSON in a file beside it.
package struct RunNote: Hashable, Sendable {
    /// Whether it is to stay.
    package var isKept = false
    /// What it is called; letters, digits, `.`, `_` and `-`.
    package var name: String?

    /// The room for a name, in characters.
    package static let longestName = 40

    package init() {}

    init(contentsOf path: String) {
        guard let bytes = ProcFS.bytes(path, atMost: 4_096),
            let fields = try? LineParser.fields(String(decoding: bytes, as: UTF8.self))
        else { return }
        isKept = fields.bool("kept") ?? false
        name = fields.string("name").flatMap { Self.isName($0) ? $0 : nil }
    }

    /// Whether a recording may have this name: it is a word for every shell, no option and no path.
    package static func isName(_ text: String) -> Bool {
        text.count <= longestName && text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil
    }

    /// Writes a new file and renames it, so that the note is always whole; an empty note is no file.
    fileprivate func write(to path: String) throws(RunError) {
        guard self != RunNote() else {
            unlink(path)
            return
        }
        let fields = Fields(
            [.init("kept", .bool(isKept))] + (name.map { [.init("name", .string($0))] } ?? []))
        let beside = "\(path).\(getpid())"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let isWritten = descriptor >= 0 && writeAll(LineWriter.line(fields), to: descriptor)
        let failure = errno
        if descriptor >= 0 { close(descriptor) }
        guard isWritten, rename(beside, path) == 0 else {
            unlink(beside)
            throw .cannotNote(file: path, cause: String(cString: strerror(failure)))
        }
    }
}
