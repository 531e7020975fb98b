import Clients
import Experiment
package import Lessons
import ShutdownBoard
package import ShutdownTrace

/// The same seeded run again and again, the signal moved through the life of one request.
package struct SignalSweep {
    /// The instants, counted from the begin of the request.
    package struct Instants: Equatable {
        let first: Time
        let last: Time
        /// How many, both ends included; 2 or more.
        let count: Int

        package init(from first: Time, to last: Time, count: Int) {
            self.first = first
            self.last = last
            self.count = count
        }

        var all: [Time] {
            let width = (last - first).microseconds
            return (0..<count).map { index in
                Time(microseconds: first.microseconds + width * Int64(index) / Int64(count - 1))
            }
        }
    }

    let settings: DemoSession.Settings
    let setup: LessonSetup
    /// Nil for the lesson's own.
    let signal: Signal?
    let instants: Instants
    /// How many run at once.
    let jobs: Int

    package init(
        _ settings: DemoSession.Settings, _ setup: LessonSetup, signal: Signal?, at instants: Instants, jobs: Int
    ) {
        self.settings = settings
        self.setup = setup
        self.signal = signal
        self.instants = instants
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
        let trials = instants.all.map {
            SweepTrial(order: order, intended: target.time, offset: $0, signal: wanted)
        }
        let items = trials.map { trial in Batch.Item(plan: plan) { trial.react(to: $0, $1) } }
        let unexpected = UnexpectedRuns()
        let outcomes = try Batch(jobs: jobs).run(items) { unexpected.settle($0, $1) { $0.word.isGraceful } }
        let points = try zip(trials, outcomes).map { trial, outcome in
            SweepPoint(trial.offset, trial.life, order: order, try outcome.board())
        }
        let head =
            "\(setup.title): \(wanted.name) against the life of order \(order), "
            + "\(Time.seconds(target.duration).words) long, \(instants.count) runs of seed \(settings.seed)"
        let kept = unexpected.lines { "\(SweepTable.words(points[$0].offset)): \(points[$0].word)" }
        return [head, ""] + SweepTable(points: points, style: style).lines + kept
            + Batch.Outcome.origin(outcomes, style)
    }

    /// A run in which only a trial sends signals.
    private var plan: Plan {
        var plan = DemoSession(settings, setup).plan
        plan.signals.removeAll()
        plan.keeping = UnexpectedRuns.keeping
        return plan
    }
}
