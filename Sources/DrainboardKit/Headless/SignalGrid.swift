import Experiment
package import Lessons
import ShutdownBoard
package import ShutdownTrace

/// Every signal in every state of the demo server, each in a run of its own.
package struct SignalGrid {
    let signals: [Signal]
    let settings: DemoSession.Settings
    /// What is arranged around the server, but for the signals.
    let setup: LessonSetup
    /// How many run at once.
    let jobs: Int

    package init(_ signals: [Signal], _ settings: DemoSession.Settings, _ setup: LessonSetup, jobs: Int) {
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
        let trials = signals.flatMap { signal in states.map { GridTrial(signal, in: $0) } }
        let items = trials.map { trial in Batch.Item(plan: plan(trial)) { trial.react(to: $0, $1) } }
        let unexpected = UnexpectedRuns()
        let outcomes = try Batch(jobs: jobs).run(items) { index, outcome in
            unexpected.settle(index, outcome) { trials[index].isExpected($0) }
        }
        let cells = try zip(trials, outcomes).map { trial, outcome in
            let board = try outcome.board()
            return trial.wasReached ? GridCell(Judge(board).verdict) : .notReached
        }
        let rows = signals.indices.map { row in
            Array(cells[(row * states.count)..<((row + 1) * states.count)])
        }
        let kept = unexpected.lines { "\(trials[$0].signal.shortName), \(trials[$0].state.name): \(cells[$0].text)" }
        return GridTable(signals: signals, states: states, rows: rows, style: style).lines + kept
            + Batch.Outcome.origin(outcomes, style)
    }

    private func plan(_ trial: GridTrial) -> Plan {
        var setup = setup
        trial.state.arrange(trial.signal, in: &setup)
        var plan = DemoSession(settings, setup).plan
        plan.keeping = UnexpectedRuns.keeping
        return plan
    }
}
