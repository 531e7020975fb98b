internal import ArgumentParser
import Clients
internal import Experiment
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace
internal import Synchronization

/// `drainboard sweep`: the same seeded run again and again, the signal moved through a request's life.
struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move the signal through a request's life, and draw what each instant costs.",
        discussion: """
            Every run starts the same requests. The signal is sent so long after (or before) the first payment of the second
            second was begun. Each line draws the life of that one request, the signal in it, and what became of it and
            of its payment; beside it stands what else was lost. The last line names the window in which it is lost.
            """)

    @OptionGroup var options: RunOptions

    @Option(parsing: .unconditional, help: "The first instant: -50ms, 0.2s.", transform: span)
    var from = Time.milliseconds(-50)

    @Option(parsing: .unconditional, help: "The last instant.", transform: span)
    var to = Time.milliseconds(500)

    @Option(parsing: .unconditional, help: "How many instants, both ends included; 2 or more.")
    var steps = 12

    @Option(help: "The signal, by name or number (default: the lesson's own).", transform: Signal.find)
    var signal: Signal?

    @Option(help: "How many run at once.")
    var jobs = 3

    @OptionGroup var look: LookOptions

    func validate() throws {
        guard (2...1_000).contains(steps) else {
            throw ValidationError("--steps must be from 2 to 1,000, not \(steps).")
        }
        guard from < to else { throw ValidationError("--from must be before --to.") }
        guard from >= .seconds(-1), to <= .seconds(60) else {
            throw ValidationError("--from must be -1 s or later, and --to at most 60 s.")
        }
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 16, not \(jobs).") }
    }

    func run() throws {
        var setup = try options.setup(pace: .checked)
        // Few others, so that what an instant costs is seen in the one request.
        if options.rate == nil { setup.workload.rate = 8 }
        let intents = Arrivals(setup.workload, seed: options.seed).prefix { $0.time < .seconds(600) }
        guard let target = intents.first(where: { $0.order != nil && $0.time > .seconds(1) }), let order = target.order
        else { throw Failure("With this rate no payment is made within ten minutes. Choose a higher --rate.") }
        let wanted = signal ?? setup.signals.first?.signal ?? .terminate
        let trials = offsets.map { Trial(order: order, intended: target.time, offset: $0, signal: wanted) }
        let items = trials.map { trial in
            var plan = Session(options, setup).plan
            plan.signals.removeAll()
            plan.stateDirectory = nil
            return Batch.Item(plan) { trial.take($0, $1) }
        }
        let outcomes = try Batch(jobs: jobs).run(items) { [steps] in Progress.show("\($0) of \(steps) runs") }
        Progress.clear()
        let points = try zip(trials, outcomes).map { trial, outcome in
            switch outcome {
            case .failure(let text): throw Failure(text)
            case .board(let board, _): return SweepPoint(trial.offset, trial.seen, order: order, board)
            }
        }
        let head =
            "\(setup.title): \(wanted.name) against the life of order \(order), "
            + "\(Time.seconds(target.duration).words) long, \(steps) runs of seed \(options.seed)"
        for line in [head, ""] + SweepTable(points: points, look: look).lines { Console.print(line) }
    }

    private var offsets: [Time] {
        let width = (to - from).microseconds
        return (0..<steps).map { Time(microseconds: from.microseconds + width * Int64($0) / Int64(steps - 1)) }
    }

    /// `-50ms`, `0.2s` or `0.2`.
    private static func span(_ text: String) throws -> Time {
        let seconds = try Span.seconds(text)
        guard abs(seconds) <= 3_600 else {
            throw ValidationError("\"\(text)\" is too long: an hour at most.")
        }
        return .seconds(seconds)
    }
}

/// One run of a sweep: sends the signal at its instant, and remembers what became of the one request.
private final class Trial: Sendable {
    let offset: Time
    private let order: Int
    private let intended: Time
    private let signal: Signal
    private let state = Mutex(State())

    private struct State: Sendable {
        var isArmed = false
        var life = WatchedLife()
    }

    init(order: Int, intended: Time, offset: Time, signal: Signal) {
        (self.order, self.intended, self.offset, self.signal) = (order, intended, offset, signal)
    }

    var seen: WatchedLife { state.withLock { $0.life } }

    func take(_ event: Event, _ experiment: Experiment) {
        switch event.kind {
        case .rotationEntered where offset < .zero && event.fields.int(.instance) ?? 1 == 1:
            arm(experiment, after: intended + offset)
        case .requestStarted where event.source == .client && event.fields.int(.order) == order:
            state.withLock { state in
                guard state.life.id == nil else { return }
                (state.life.id, state.life.beganAt) = (event.fields.int(.id), event.time)
            }
            if offset >= .zero { arm(experiment, after: offset) }
        case .requestFinished where event.source == .client:
            state.withLock { state in
                guard state.life.id != nil, state.life.id == event.fields.int(.id) else { return }
                state.life.fate = event.fields.string(.fate).flatMap(Fate.init)
                state.life.endedAt = event.time
            }
        case .paymentCharged where event.fields.int(.order) == order && event.fields.int(.instance) ?? 1 == 1:
            state.withLock { state in
                state.life.isCharged = true
                // A later charge is another attempt's.
                if state.life.endedAt == nil { state.life.chargedAt = state.life.chargedAt ?? event.time }
            }
        default: break
        }
    }

    private func arm(_ experiment: Experiment, after span: Time) {
        let isFirst = state.withLock { state in
            defer { state.isArmed = true }
            return !state.isArmed
        }
        guard isFirst else { return }
        Task { [signal] in
            try? await Task.sleep(for: .microseconds(max(0, span.microseconds)))
            experiment.send(signal, by: .check)
        }
    }
}
