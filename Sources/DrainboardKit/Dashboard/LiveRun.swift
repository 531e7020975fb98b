package import Experiment
import Foundation
import Platform
package import Player
package import ShutdownBoard
package import ShutdownTrace
import Synchronization

/// A run that a person watches: the experiment runs on Swift's pool, and its events are folded on the watcher's thread.
package final class LiveRun {
    /// Where the events are folded, each once.
    private enum Fold {
        /// Every moment is kept.
        case timeline(Timeline)
        /// Only the present is kept.
        case board(Board)
    }

    private var fold: Fold
    private let experiment: Experiment
    private let inbox: Inbox
    private let outcome: Outcome
    /// Whether the signal of a deploy waits until the second instance has taken over.
    private var awaitsReplacement = false

    /// How the experiment ended; nil while it runs.
    private final class Outcome: Sendable {
        let value = Mutex<Result<Void, any Error>?>(nil)
    }

    /// Starts the run.
    ///
    /// - Parameters:
    ///   - plan: What to run.
    ///   - timeline: Keeps every moment; nil keeps only the present.
    ///   - interpreter: Reads what the server prints; nil for a server that traces itself.
    ///   - wake: Called on any thread when ``update(_:)`` has something to do.
    package init(
        _ plan: Plan, timeline: Timeline? = nil, interpreter: Interpreter? = nil, wake: @escaping @Sendable () -> Void
    ) {
        let inbox = Inbox(wake: wake)
        let outcome = Outcome()
        let experiment = Experiment(plan: plan, interpreter: interpreter) { inbox.put($0) }
        self.inbox = inbox
        self.outcome = outcome
        self.experiment = experiment
        fold = timeline.map(Fold.timeline) ?? .board(Board())
        Task {
            let result: Result<Void, any Error>
            do { result = .success(try await experiment.run()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
            wake()
        }
    }

    /// Starts a run whose every moment a dashboard can show.
    ///
    /// - Throws: `Failure` when no temporary file can keep it.
    package static func shown(
        _ plan: Plan, interpreter: Interpreter? = nil, wake: @escaping @Sendable () -> Void
    ) throws -> LiveRun {
        let timeline: Timeline
        do throws(RecordingError) { timeline = try Timeline(live: {}) } catch { throw Failure(error.description) }
        return LiveRun(plan, timeline: timeline, interpreter: interpreter, wake: wake)
    }

    package var timeline: Timeline? { if case .timeline(let timeline) = fold { timeline } else { nil } }

    /// The run as of the last ``update(_:)``.
    package var board: Board {
        switch fold {
        case .timeline(let timeline): timeline.head
        case .board(let board): board
        }
    }

    /// Folds what happened since the last call.
    ///
    /// - Parameter seen: Called after each event where only the present is kept.
    /// - Returns: Whether anything happened.
    func update(_ seen: (Board) -> Void = { _ in }) -> Bool {
        // An experiment that is over puts nothing more into the inbox.
        let wasOver = isOver
        let lines = inbox.takeAll()
        switch fold {
        case .timeline(let timeline):
            if !lines.isEmpty { timeline.append(lines) }
            if wasOver, timeline.isOpen { timeline.finish() }
        case .board(var board):
            for line in lines {
                board.apply(line.item)
                seen(board)
            }
            fold = .board(board)
        }
        return !lines.isEmpty
    }

    /// The present on the run's clock.
    var now: Time { board.header.map { Clock.now() - $0.clock } ?? .zero }

    var isOver: Bool { outcome.value.withLock { $0 != nil } }

    /// Why the run could not be made.
    package var failure: Failure? {
        guard case .failure(let error)? = outcome.value.withLock({ $0 }) else { return nil }
        return Failure("\(error)")
    }

    /// Sends a signal; in a deploy the first one that asks the server to stop waits for the second instance.
    package func send(_ signal: Signal) {
        let isPolite = signal == .terminate || signal == .interrupt
        if isPolite, experiment.plan.replacement == .beforeSignal, board.stopSignal == nil {
            // While the second instance starts, a repeated signal would reach the first one as its second signal.
            if awaitsReplacement { return }
            awaitsReplacement = experiment.deploy(signal, by: .person)
            if awaitsReplacement { return }
        }
        experiment.send(signal, by: .person, to: experiment.plan.signalTarget)
    }

    /// Makes the load balancer poll in another way.
    func poll(_ balancer: BalancerPlan) throws { try experiment.setBalancer(balancer) }

    /// Grants another grace period.
    package func grant(grace: Time) throws { try experiment.setGrace(grace) }

    /// Gives the server a command; false when it takes none.
    package func tell(_ command: ControlCommand) -> Bool { experiment.tell(command) }

    package var recording: String? { experiment.recordings.first }

    /// Ends the server if it still runs, and waits for at most five seconds until what it left has been checked.
    func finish() {
        guard !isOver else { return }
        experiment.abandon()
        let end = Clock.now() + .seconds(5)
        while !isOver, Clock.now() < end { usleep(2_000) }
        _ = update()
    }
}
