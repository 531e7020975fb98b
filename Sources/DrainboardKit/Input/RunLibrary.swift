package import Experiment
import Foundation

/// The runs that are kept on this machine, by the names that a person gives them on the command line.
///
/// A run is called as somebody named it, or by the month, day and time at which it began: `01-31T17-02-11`, with
/// `.250` where another began in the same second. The beginning of such a name is enough where no other's begins so.
package struct RunLibrary {
    /// Newest first.
    package let runs: [StoredRun]
    /// The moments at which several began, to the second and to the millisecond.
    private let shared: Set<String>

    package init(_ folder: StateFolder? = .standard) {
        self.init(folder?.runs ?? [])
    }

    init(_ runs: [StoredRun]) {
        self.runs = runs
        let moments = runs.map(\.moment) + runs.map(\.preciseMoment)
        shared = Set(Dictionary(grouping: moments) { $0 }.filter { $0.value.count > 1 }.keys)
    }

    /// What the run is called in lists and on the command line.
    package func name(of run: StoredRun) -> String {
        run.note.name ?? [run.moment, run.preciseMoment].first { !shared.contains($0) } ?? run.stem
    }

    /// Whether a run may get this name: no other is called so, and no other's own name begins so.
    package func isFree(_ name: String, for run: StoredRun) -> Bool {
        !runs.contains { other in
            other.path != run.path
                && (other.note.name == name || other.moment.hasPrefix(name) || other.stem.hasPrefix(name))
        }
    }

    /// The one run of this name, or whose name begins so.
    ///
    /// - Throws: `Failure`, which says what there is.
    package func run(_ text: String) throws -> StoredRun {
        if let run = try search(text) { return run }
        throw Failure("No run is called \"\(text)\". drainboard runs lists them.")
    }

    /// - Throws: `Failure` where the beginning fits several.
    private func search(_ text: String) throws -> StoredRun? {
        let exact = runs.filter { $0.note.name == text || $0.stem == text || $0.stem + ".jsonl" == text }
        if let run = exact.first { return run }
        let found = runs.filter { run in
            [run.note.name, run.stem, run.preciseMoment].contains { $0?.hasPrefix(text) == true }
        }
        guard let run = found.first, !text.isEmpty else { return nil }
        guard found.count == 1 else {
            let names = found.prefix(4).map(name) + (found.count > 4 ? ["…"] : [])
            throw Failure(
                "\"\(text)\" fits \(found.count) runs: \(names.joined(separator: ", ")). Give more of the name.")
        }
        return run
    }

    /// The file that a person means: one that exists, or else a run by its name.
    ///
    /// - Throws: `Failure` when it is neither, or names several runs.
    package static func file(_ text: String, in folder: StateFolder? = .standard) throws -> String {
        guard text != "-", !text.contains("/"), !FileManager.default.fileExists(atPath: text) else { return text }
        let library = RunLibrary(folder)
        guard RunNote.isName(text) || library.runs.contains(where: { [$0.stem, $0.stem + ".jsonl"].contains(text) })
        else { return text }
        guard let run = try library.search(text) else {
            throw Failure(
                "Cannot open \(text): No such file or directory, and no run is called so. drainboard runs lists them.")
        }
        return run.path
    }
}

extension StoredRun {
    /// Its month, day and time: `01-31T17-02-11`.
    fileprivate var moment: String { String(stem.dropFirst(5).prefix(14)) }

    /// The same with its millisecond: `01-31T17-02-11.250`.
    fileprivate var preciseMoment: String { String(stem.dropFirst(5).prefix(18)) }
}
