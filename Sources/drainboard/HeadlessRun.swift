internal import Experiment
internal import Foundation
internal import ShutdownBoard
internal import ShutdownTrace
internal import Synchronization

/// A run that nobody looks at until it is over.
final class HeadlessRun: Sendable {
    private final class Result: Sendable {
        let board = Mutex(Board())

        func take(_ item: TraceReader.Item) {
            board.withLock { board in
                switch item {
                case .header(let header): board.apply(header)
                case .event(let event):
                    board.apply(event)
                    if event.kind == .faultReported, let text = event.fields.string(.text) { Console.error(text) }
                case .problem: break
                }
            }
        }
    }

    private let result = Result()
    private let experiment: Experiment

    var board: Board { result.board.withLock { $0 } }
    var recording: String? { experiment.recordings.first }

    init(_ plan: Plan) {
        let result = result
        experiment = Experiment(plan: plan) { result.take($0) }
    }

    /// Waits for the end of the run.
    ///
    /// INT, TERM and HUP end it early: the server is ended and everything is cleaned up before this process dies of
    /// the signal.
    ///
    /// - Throws: `Failure`, when the server could not be run.
    func wait() throws {
        let experiment = experiment
        let interrupts = try Interrupts { experiment.abandon() }
        do {
            try Console.wait { try await experiment.run() }
        } catch let error as ExperimentError {
            throw Failure(error.description)
        }
        if let number = interrupts.first { interrupts.die(by: number) }
    }
}
