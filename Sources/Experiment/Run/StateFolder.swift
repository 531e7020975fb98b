import Foundation
import Glibc

/// The folder that keeps the recordings of this machine's runs: their names in it, and which of them stay.
package struct StateFolder: Hashable, Sendable {
    package let path: String

    /// How many runs stay that nobody kept, named or marked.
    package static let newest = 50

    package init(_ path: String) { self.path = path }

    /// `$XDG_STATE_HOME/drainboard`, or `~/.local/state/drainboard` (XDG Base Directory Specification).
    ///
    /// Nil when neither variable says where; a relative XDG_STATE_HOME counts as unset, as the specification demands.
    package static var standard: StateFolder? {
        if let home = variable("XDG_STATE_HOME"), home.hasPrefix("/") { return StateFolder(home + "/drainboard") }
        return variable("HOME").map { StateFolder($0 + "/.local/state/drainboard") }
    }

    /// The runs, newest first; empty when the folder cannot be read.
    package var runs: [StoredRun] {
        let names = self.names
        let marked = Set(names.filter { $0.hasSuffix(StoredRun.marksEnding) })
        return names.filter(Self.isRecording).sorted(by: >).map { name in
            StoredRun(path + "/" + name, isMarked: marked.contains(name + StoredRun.marksEnding))
        }
    }

    /// The run that a file of a state folder holds; nil for any other file.
    package static func run(at path: String) -> StoredRun? {
        guard let name = path.split(separator: "/").last, isRecording(String(name)) else { return nil }
        return StoredRun(path, isMarked: access(path + StoredRun.marksEnding, F_OK) == 0)
    }

    /// Deletes the oldest runs beyond ``newest`` and beyond this size, and what belonged to runs that are gone.
    ///
    /// A run that somebody kept, named or marked stays and does not count; the newest of the others stays, and one that is
    /// still being written.
    func prune(to size: Int) {
        var count = 0
        var total = 0
        for run in runs where !run.stays {
            count += 1
            total += run.size
            if count > Self.newest || count > 1 && total > size, !run.isBeingWritten { run.delete() }
        }
        let names = Set(self.names)
        for name in names {
            for ending in [StoredRun.marksEnding, StoredRun.noteEnding] where name.hasSuffix(ending) {
                let owner = String(name.dropLast(ending.count))
                if Self.isRecording(owner), !names.contains(owner) { unlink(path + "/" + name) }
            }
        }
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// Makes the folder where there is none.
    ///
    /// - Returns: 0, or the errno that says why nothing can be written in it.
    func make() -> Int32 {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
            let failure = errno
            // What is there already may lie on a file system that takes nothing new.
            guard failure == EROFS, access(made, F_OK) == 0 else { return failure }
        }
        return access(path, W_OK) == 0 ? 0 : errno
    }

    /// `2026-01-31T17-02-11.250Z-polite-41213.jsonl`.
    static func name(stamp: String, title: String, pid: Int32) -> String {
        let safe = title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "\(stamp)-\(String(safe.prefix(40)))-\(pid).jsonl"
    }

    /// Names like this one, for runs of one title that this process begins in the same millisecond.
    static func others(than name: String) -> [String] {
        guard let end = name.lastIndex(of: "-") else { return [] }
        return (2...16).map { "\(name[..<end])-\($0)\(name[end...])" }
    }

    /// Whether a name is one of ours; only such files are ever deleted.
    static func isRecording(_ name: String) -> Bool {
        name.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[a-z0-9-]{0,43}-\d+\.jsonl/) != nil
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
