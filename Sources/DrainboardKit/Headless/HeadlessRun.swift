package import Experiment
import Platform
package import ShutdownBoard
package import ShutdownTrace
import Synchronization

/// A run that nobody watches: only its last board is kept.
package final class HeadlessRun: Sendable {
    /// Acts on an event of the run at once.
    package typealias Reaction = @Sendable (Event, Experiment) -> Void

    /// Folds the events; made before the experiment, which it then gets to know.
    private final class Observer: Sendable {
        let board = Mutex(Board())
        let experiment = Mutex<Experiment?>(nil)
        let react: Reaction?

        init(_ react: Reaction?) { self.react = react }

        func observe(_ item: TraceReader.Item) {
            board.withLock { $0.apply(item) }
            guard case .event(let event) = item else { return }
            if case .trace(.faultReported(let text))? = try? event.payload { Console.error(text) }
            if let react, let experiment = experiment.withLock({ $0 }) { react(event, experiment) }
        }
    }

    private let observer: Observer
    private let experiment: Experiment

    package var board: Board { observer.board.withLock { $0 } }
    package var recording: String? { experiment.recordings.first }

    /// - Parameters:
    ///   - plan: What to run.
    ///   - react: Called for each event, on a task of the run; it must not block for long.
    package init(_ plan: Plan, react: Reaction? = nil) {
        let observer = Observer(react)
        self.observer = observer
        experiment = Experiment(plan: plan) { observer.observe($0.item) }
        observer.experiment.withLock { $0 = experiment }
    }

    /// Runs it to its end.
    ///
    /// - Throws: `Failure`, when the server could not be run.
    package func run() async throws {
        defer { observer.experiment.withLock { $0 = nil } }
        do { try await experiment.run() } catch let error as RunError { throw Failure(error.description) }
    }

    /// Ends the server now; the run then ends as after any other exit.
    func abandon() { experiment.abandon() }

    /// Runs it to its end from the main thread.
    ///
    /// INT, TERM and HUP end it early: the server is ended and everything is cleaned up before this process dies of
    /// the signal.
    ///
    /// - Throws: `Failure`, when the server could not be run.
    package func wait() throws {
        let interrupts = try Interrupts { self.abandon() }
        defer { Progress.clear() }
        try Console.wait { try await self.run() }
        Progress.clear()
        interrupts.dieByFirst()
    }
}
