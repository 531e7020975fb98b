package import Experiment
import Foundation
import Platform
import ShutdownTrace
import Synchronization

/// A run that a person watches: it goes on by itself on Swift's pool, and its lines wait for the watcher's thread.
///
/// The watcher folds each line once, into a board or into a timeline.
package final class LiveRun {
    let experiment: Experiment
    private let inbox: Inbox<TraceLine>
    private let outcome: Outcome
    /// Whether the signal of a deploy waits until the second instance has taken over.
    private var awaitsReplacement = false

    /// What was wrong with the run itself, such as a recording that takes no more, in sentences for standard error.
    private(set) var faults: [String] = []

    /// How the experiment ended; nil while it runs.
    private final class Outcome: Sendable {
        let value = Mutex<Result<Void, any Error>?>(nil)
    }

    /// Starts the run.
    ///
    /// - Parameters:
    ///   - plan: What to run.
    ///   - interpreter: Reads what the server prints; nil for a server that traces itself.
    ///   - wake: Called on any thread when there are lines, and when the run is over.
    package init(_ plan: Plan, interpreter: Interpreter? = nil, wake: @escaping @Sendable () -> Void) {
        let inbox = Inbox<TraceLine>(wake: wake)
        let outcome = Outcome()
        let experiment = Experiment(plan: plan, interpreter: interpreter) { inbox.put($0) }
        self.inbox = inbox
        self.outcome = outcome
        self.experiment = experiment
        Task {
            let result: Result<Void, any Error>
            do { result = .success(try await experiment.run()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
            wake()
        }
    }

    /// The lines since the last call.
    func takeLines() -> [TraceLine] {
        let lines = inbox.takeAll()
        for line in lines {
            guard case .event(let event) = line.item, event.kind == .faultReported,
                case .trace(.faultReported(let text))? = try? event.payload
            else { continue }
            faults.append(text)
        }
        return lines
    }

    /// Whether the run has put its last line into the inbox.
    var isOver: Bool { outcome.value.withLock { $0 != nil } }

    /// Why the run could not be made.
    var failure: Failure? {
        guard case .failure(let error)? = outcome.value.withLock({ $0 }) else { return nil }
        return Failure("\(error)")
    }

    /// The file in which the run is recorded, once it has begun.
    var recording: String? { experiment.recordings.first }

    /// Sends a signal; in a deploy the first one that ends the server waits for the second instance.
    ///
    /// - Parameters:
    ///   - signal: Which.
    ///   - wasAsked: Whether a signal has asked the server to stop already.
    /// - Returns: Why it was not sent now; nil where it was.
    @discardableResult
    func send(_ signal: Signal, wasAsked: Bool) -> String? {
        let ends = signal == .terminate || signal == .interrupt || signal == .kill
        guard ends, !wasAsked, experiment.plan.replacement == .beforeSignal else { return sendNow(signal) }
        // While the second instance starts, a repeated signal would reach the first one as its second signal.
        if awaitsReplacement, signal != .kill {
            return "Instance 2 is being started; instance 1 gets its signal when 2 serves."
        }
        guard !awaitsReplacement, experiment.deploy(signal, by: .person) else { return sendNow(signal) }
        awaitsReplacement = true
        return signal == .kill
            ? "Instance 2 starts first; instance 1 gets SIGKILL when 2 serves. K and y again: now." : nil
    }

    private func sendNow(_ signal: Signal) -> String? {
        experiment.send(signal, by: .person, to: experiment.plan.signalTarget)
        return nil
    }

    /// Ends the server if it still runs, and waits for at most five seconds until what it left has been checked.
    func finish() {
        guard !isOver else { return }
        experiment.abandon()
        let end = Clock.now() + .seconds(5)
        while !isOver, Clock.now() < end { usleep(2_000) }
    }
}
