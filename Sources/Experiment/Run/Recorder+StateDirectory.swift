import Foundation
import Glibc

/// The folder that keeps the recordings of the last runs, and their names in it.
extension Recorder {
    /// `$XDG_STATE_HOME/drainboard`, or `~/.local/state/drainboard` (XDG Base Directory Specification).
    ///
    /// Nil when neither variable says where; a relative XDG_STATE_HOME counts as unset, as the specification demands.
    package static func stateDirectory() -> String? {
        if let home = variable("XDG_STATE_HOME"), home.hasPrefix("/") { return home + "/drainboard" }
        return variable("HOME").map { $0 + "/.local/state/drainboard" }
    }

    /// The recorded runs of a folder, newest first; empty when it cannot be read.
    package static func recordings(in directory: String? = stateDirectory()) -> [String] {
        guard let directory else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter(isRecording).sorted(by: >).map { directory + "/" + $0 }
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

    static func prune(_ directory: String) {
        for path in recordings(in: directory).dropFirst(kept) { unlink(path) }
    }

    static func makeDirectories(_ path: String) -> Int32 {
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

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
