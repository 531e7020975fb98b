import ShutdownTrace
import Synchronization

/// The one shutdown of a server: when it began, whether it was forced, and how it came out.
///
/// SIGTERM and SIGINT take the same path, and however often they come there is one shutdown. The first signal begins
/// it, the second forces it: nothing is waited for any more, and everything is still released in order.
final class Shutdown: Sendable {
    let began = Moment()
    let forced = Moment()

    /// Whether all work in flight was finished, or some was cut.
    enum Outcome: String, Sendable {
        case clean, forced

        /// 0 for a clean shutdown, 1 for an orderly one that had to cut work.
        var exitCode: Int32 { self == .clean ? 0 : 1 }
    }

    private struct State {
        var signals = 0
        var beganAt: Time?
        var outcome = Outcome.clean
    }

    private let state = Mutex(State())
    private let emitter: Emitter
    private let budgets: Budgets

    init(emitter: Emitter, budgets: Budgets) {
        self.emitter = emitter
        self.budgets = budgets
    }

    var outcome: Outcome { state.withLock { $0.outcome } }

    /// How long ago the first signal came.
    var took: Time { state.withLock { $0.beganAt.map { Clock.now() - $0 } ?? .zero } }

    /// Takes a signal; callable from any thread, at any time.
    func receive(_ signal: Signal, from sender: Int32) {
        let ordinal = state.withLock { state in
            state.signals += 1
            if state.signals == 1 { state.beganAt = Clock.now() }
            return state.signals
        }
        emitter.emit(
            .signalReceived,
            [.signal: .number(signal.rawValue), .ordinal: .number(ordinal), .sender: .number(sender)])
        switch ordinal {
        case 1: begin(cause: signal.name)
        case 2: force(cause: "second signal, \(signal.name)")
        default: break
        }
    }

    /// Notes that work in flight was cut, and why.
    func cut(cause: String) {
        state.withLock { $0.outcome = .forced }
        emitter.emit(.shutdownForced, [.cause: .string(cause)])
    }

    private func begin(cause: String) {
        emitter.emit(.shutdownBegan, Fields([.init(.cause, .string(cause))] + budgets.fields.entries))
        began.pass()
    }

    private func force(cause: String) {
        cut(cause: cause)
        forced.pass()
    }
}
