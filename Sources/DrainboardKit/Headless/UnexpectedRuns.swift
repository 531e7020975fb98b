import Experiment
import Platform
import ShutdownBoard
import ShutdownTrace
import Synchronization

/// The runs of a batch that were not as expected: their recordings stay, those of the others go.
final class UnexpectedRuns: Sendable {
    /// How many of them stay at most, so that the runs from before have room too.
    static let most = 20

    private struct State {
        /// Where the recording of an item of the batch lies now.
        var kept: [Int: String] = [:]
        var others = 0
    }

    private let state = Mutex(State())

    /// Deletes what a batch that was killed a day ago or longer left.
    init() {
        guard case .folder(let folder) = Self.keeping else { return }
        let day = CivilTime.microsecondsADay
        let limit = CivilTime(sinceEpoch: Clock.sinceEpoch() - day).rfc3339(decimals: 3, colon: "-")
        for run in folder.runs where run.stem < limit && !run.isBeingWritten { run.delete() }
    }

    /// Where the runs of a batch are recorded while they go on, so that no other run has to make room for them.
    static var keeping: Keeping {
        if case .unknown = Keeping.standard { .nowhere } else { Keeping.standard.below("several") }
    }

    /// Keeps the recording of a run or deletes it, as soon as the run is over.
    func settle(_ index: Int, _ outcome: Batch.Outcome, isExpected: (Verdict) -> Bool) {
        guard case .board(let board, let recording?) = outcome, let folder = StateFolder.standard else { return }
        guard let run = StateFolder.run(at: recording) else { return }
        let verdict = Judge(board).verdict
        state.withLock { state in
            if isExpected(verdict) {
                run.delete()
            } else if state.kept.count < Self.most, let path = run.move(to: folder) {
                state.kept[index] = path
            } else {
                run.delete()
                state.others += 1
            }
        }
    }

    /// The file that the run of an item is kept in.
    func recording(of index: Int) -> String? { state.withLock { $0.kept[index] } }

    /// How each of them is opened, below a heading; nothing where every run was as expected.
    ///
    /// - Parameter what: What to say of a run beside that.
    /// - Returns: The lines below a table.
    func lines(_ what: (Int) -> String) -> [String] {
        let state = state.withLock { $0 }
        guard !state.kept.isEmpty || state.others > 0 else { return [] }
        let library = RunLibrary()
        let rows = state.kept.sorted { $0.key < $1.key }.map { index, path in
            let run = library.runs.first { $0.path == path }
            return ["  " + what(index), "drainboard replay " + (run.map(library.name) ?? path)]
        }
        let rest =
            state.others == 0 ? [] : ["  and \(state.others) more, of which no recording was kept"]
        return ["", "Not as expected, and kept:"] + TextTable(rows).lines + rest
    }
}
