import Experiment
package import Lessons
import ShutdownBoard
package import ShutdownTrace

/// Every signal in every state of the demo server, each in a run of its own.
package struct SignalGrid {
    package let signals: [Signal]
    package let settings: Session.Settings
    /// What is arranged around the server, but for the signals.
    package let setup: LessonSetup
    /// How many run at once.
    package let jobs: Int

    package init(_ signals: [Signal], _ settings: Session.Settings, _ setup: LessonSetup, jobs: Int) {
        self.signals = signals
        self.settings = settings
        self.setup = setup
        self.jobs = jobs
    }

    /// Makes all the runs.
    ///
    /// - Throws: `Failure` when one of them could not be made.
    package func lines(_ style: TableStyle) throws -> [String] {
        let states = GridState.allCases
        let cells = signals.flatMap { signal in states.map { (signal, $0) } }
        let trials = cells.map { GridTrial($0, in: $1) }
        let items = zip(cells, trials).map { cell, trial in
            Batch.Item(plan(cell.0, cell.1)) { trial.react(to: $0, $1) }
        }
        let outcomes = try Batch(jobs: jobs).run(items) { [count = items.count] in
            Progress.show("\($0) of \(count) runs")
        }
        Progress.clear()
        let verdicts = try zip(trials, outcomes).map { try $0.wasReached ? Self.cell($1) : .notReached }
        let rows = signals.indices.map { row in
            Array(verdicts[(row * states.count)..<((row + 1) * states.count)])
        }
        return GridTable(signals: signals, states: states, rows: rows, style: style).lines
    }

    private func plan(_ signal: Signal, _ state: GridState) -> Plan {
        var setup = setup
        state.arrange(signal, in: &setup)
        var plan = Session(settings, setup).plan
        plan.stateDirectory = nil
        plan.recordings = []
        return plan
    }

    private static func cell(_ outcome: Batch.Outcome) throws -> GridCell {
        switch outcome {
        case .failure(let text): throw Failure(text)
        case .board(let board, _): return GridCell(Judge(board).verdict)
        }
    }
}
