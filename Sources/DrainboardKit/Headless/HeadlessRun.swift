package import Experiment
import Foundation
import Platform
package import ShutdownBoard
package import ShutdownTrace
import Synchronization

/// A run that nobody looks at until it is over.
package final class HeadlessRun: Sendable {
    /// Something that happened, and the run in which it did: for whoever wants to act on it at once.
    package typealias Reaction = @Sendable (Event, Experiment) -> Void

    private final class Result: Sendable {
        let board = Mutex(Board())
        let experiment = Mutex<Experiment?>(nil)
        let react: Reaction?

        init(_ react: Reaction?) { self.react = react }

        func take(_ item: TraceReader.Item) {
            board.withLock { $0.apply(item) }
            guard case .event(let event) = item else { return }
            if case .trace(.faultReported(let text))? = try? event.payload { Console.error(text) }
            if let react, let experiment = experiment.withLock({ $0 }) { react(event, experiment) }
        }
    }

    private let result: Result
    private let experiment: Experiment

    package var board: Board { result.board.withLock { $0 } }
    package var recording: String? { experiment.recordings.first }

    /// - Parameters:
    ///   - plan: What to run.
    ///   - react: Called for each event, on a task of the run; it must not block for long.
    package init(_ plan: Plan, react: Reaction? = nil) {
        let result = Result(react)
        self.result = result
        experiment = Experiment(plan: plan) { result.take($0.item) }
        result.experiment.withLock { $0 = experiment }
    }

    /// Runs it to its end.
    ///
    /// - Throws: `Failure`, when the server could not be run.
    package func run() async throws {
        defer { result.experiment.withLock { $0 = nil } }
        do { try await experiment.run() } catch let error as ExperimentError { throw Failure(error.description) }
    }

    /// Ends the server now; the run then ends as after any other exit.
    func abandon() { experiment.abandon() }

    /// The same from the main thread.
    ///
    /// INT, TERM and HUP end it early: the server is ended and everything is cleaned up before this process dies of
    /// the signal.
    ///
    /// - Throws: `Failure`, when the server could not be run.
    package func wait() throws {
        let interrupts = try Interrupts { self.abandon() }
        try Console.wait { try await self.run() }
        if let number = interrupts.first { interrupts.die(by: number) }
    }
}
