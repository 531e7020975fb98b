package import Experiment
import Foundation
package import Player
package import ShutdownBoard
package import ShutdownTrace
import Synchronization

/// A run that somebody watches: the experiment on Swift's pool, its board on the thread that draws.
package final class LiveRun {
    package private(set) var board = Board()
    /// All of its moments, for whoever wants to look back.
    package let timeline: Timeline?
    private let experiment: Experiment
    private let inbox: Inbox
    private let outcome: Outcome
    /// The second instance of a deploy was asked for, and the signal waits for it.
    private var awaitsReplacement = false

    /// How the experiment ended: nil while it runs.
    private final class Outcome: Sendable {
        let value = Mutex<Result<Void, any Error>?>(nil)
    }

    /// Starts the run.
    ///
    /// - Parameters:
    ///   - plan: What to run.
    ///   - timeline: Keeps what happens.
    ///   - interpreter: Reads what the server prints; nil for one that tells itself what it does.
    ///   - wake: Called, on any thread, when there is something to ``update(_:)``.
    package init(
        _ plan: Plan, timeline: Timeline? = nil, interpreter: Interpreter? = nil, wake: @escaping @Sendable () -> Void
    ) {
        self.timeline = timeline
        let inbox = Inbox(wake: wake)
        let outcome = Outcome()
        let experiment = Experiment(plan: plan, interpreter: interpreter) { inbox.put($0) }
        (self.inbox, self.outcome, self.experiment) = (inbox, outcome, experiment)
        Task {
            let result: Result<Void, any Error>
            do { result = .success(try await experiment.run()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
            wake()
        }
    }

    /// Starts a run with a timeline, for a dashboard to show.
    ///
    /// - Throws: `Failure` when nothing can be kept.
    package static func shown(
        _ plan: Plan, interpreter: Interpreter? = nil, wake: @escaping @Sendable () -> Void
    ) throws -> LiveRun {
        let timeline: Timeline
        do throws(RecordingError) { timeline = try Timeline(live: {}) } catch { throw Failure(error.description) }
        return LiveRun(plan, timeline: timeline, interpreter: interpreter, wake: wake)
    }

    /// Takes what happened since the last time; false when nothing did.
    func update(_ seen: (Board) -> Void = { _ in }) -> Bool {
        let wasOver = isOver
        let items = inbox.takeAll()
        if !items.isEmpty { timeline?.append(items) }
        if wasOver, timeline?.isOpen == true { timeline?.finish() }
        for item in items {
            switch item {
            case .header(let header): board.apply(header)
            case .event(let event): board.apply(event)
            case .problem: break
            }
            seen(board)
        }
        return !items.isEmpty
    }

    /// The present on the run's clock.
    var now: Time {
        guard let header = board.header else { return .zero }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Time(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000) - header.clock
    }

    var isOver: Bool { outcome.value.withLock { $0 != nil } }

    /// Why the run could not be made.
    package var failure: Failure? {
        guard case .failure(let error)? = outcome.value.withLock({ $0 }) else { return nil }
        return Failure("\(error)")
    }

    /// Sends a signal; in a deploy the first one that asks the server to stop waits for the second instance.
    package func send(_ signal: Signal) {
        let isPolite = signal == .terminate || signal == .interrupt
        if isPolite, board.stopSignal == nil, experiment.plan.replacement == .beforeSignal {
            // Once more while the second one starts would be a second signal to the first.
            if awaitsReplacement { return }
            awaitsReplacement = experiment.deploy(signal, by: .person)
            if awaitsReplacement { return }
        }
        experiment.send(signal, by: .person, to: experiment.plan.signalTarget)
    }

    /// Lets the balancer ask in another way.
    func poll(_ balancer: BalancerPlan) throws { try experiment.setBalancer(balancer) }

    /// Grants another grace period.
    package func grant(grace: Time) throws { try experiment.setGrace(grace) }

    /// Gives the server an order; false when it takes none.
    package func tell(_ command: ControlCommand) -> Bool { experiment.tell(command) }

    package var recording: String? { experiment.recordings.first }

    /// Ends the server if it still runs, and waits until everything was looked at; at most some seconds.
    func finish() {
        guard !isOver else { return }
        experiment.abandon()
        let end = Date(timeIntervalSinceNow: 5)
        while !isOver, Date() < end { usleep(2_000) }
        _ = update()
    }
}
