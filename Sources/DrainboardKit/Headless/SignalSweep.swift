import Clients
import Experiment
package import Lessons
import ShutdownBoard
package import ShutdownTrace

/// The same seeded run again and again, the signal moved through the life of one request.
package struct SignalSweep {
    package let settings: Session.Settings
    package let setup: LessonSetup
    /// Nil for the lesson's own.
    package let signal: Signal?
    /// The first and the last instant, counted from the begin of the request.
    package let from: Time
    package let to: Time
    /// How many instants, both ends included.
    package let steps: Int
    /// How many run at once.
    package let jobs: Int

    package init(
        _ settings: Session.Settings, _ setup: LessonSetup, signal: Signal?, from: Time, to: Time, steps: Int, jobs: Int
    ) {
        self.settings = settings
        self.setup = setup
        self.signal = signal
        self.from = from
        self.to = to
        self.steps = steps
        self.jobs = jobs
    }

    /// Makes all the runs.
    ///
    /// - Throws: `Failure` when no payment is made, or one of the runs could not be made.
    package func lines(_ style: TableStyle) throws -> [String] {
        let intents = Arrivals(setup.workload, seed: settings.seed).prefix { $0.time < .seconds(600) }
        guard let target = intents.first(where: { $0.order != nil && $0.time > .seconds(1) }), let order = target.order
        else { throw Failure("With this rate no payment is made within ten minutes. Choose a higher --rate.") }
        let wanted = signal ?? setup.signals.first?.signal ?? .terminate
        let trials = offsets.map { SweepTrial(order: order, intended: target.time, offset: $0, signal: wanted) }
        let points = try points(trials, order: order)
        let head =
            "\(setup.title): \(wanted.name) against the life of order \(order), "
            + "\(Time.seconds(target.duration).words) long, \(steps) runs of seed \(settings.seed)"
        return [head, ""] + SweepTable(points: points, style: style).lines
    }

    private func points(_ trials: [SweepTrial], order: Int) throws -> [SweepPoint] {
        let items = trials.map { trial in
            var plan = Session(settings, setup).plan
            plan.signals.removeAll()
            plan.stateDirectory = nil
            return Batch.Item(plan) { trial.take($0, $1) }
        }
        let outcomes = try Batch(jobs: jobs).run(items) { [steps] in Progress.show("\($0) of \(steps) runs") }
        Progress.clear()
        return try zip(trials, outcomes).map { trial, outcome in
            switch outcome {
            case .failure(let text): throw Failure(text)
            case .board(let board, _): SweepPoint(trial.offset, trial.seen, order: order, board)
            }
        }
    }

    private var offsets: [Time] {
        let width = (to - from).microseconds
        return (0..<steps).map { Time(microseconds: from.microseconds + width * Int64($0) / Int64(steps - 1)) }
    }
}
