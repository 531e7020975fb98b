import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// The one shutdown of a server: when it began, whether it was forced, and how it came out.
///
/// SIGTERM and SIGINT take the same path, and however often they come there is one shutdown. The first signal begins
/// it, the second forces it: nothing is waited for any more, and everything is still released in order.
final class ShutdownControl: Sendable {
    let began = OneShotEvent()
    let forced = OneShotEvent()
    /// The server was asked again, and its behaviour is to run a second clean-up beside the first.
    let repeated = OneShotEvent()
    let gate: ShutdownGate
    let lead: LeadTimer

    private struct State {
        var signals = 0
        var firstSignal: Signal?
        var beganAt: Time?
        var outcome = ShutdownOutcome.clean
    }

    private let state = Mutex(State())
    private let emitter: Emitter
    private let budgets: Budgets
    private let behaviour: Behaviour

    init(emitter: Emitter, budgets: Budgets, behaviour: Behaviour = Behaviour()) {
        self.emitter = emitter
        self.budgets = budgets
        self.behaviour = behaviour
        gate = ShutdownGate(emitter: emitter)
        lead = LeadTimer(budgets.lead)
    }

    /// Whether all work in flight was finished, or some was cut.
    var outcome: ShutdownOutcome { state.withLock { $0.outcome } }

    /// The signal that came first; nil when none came.
    var signal: Signal? { state.withLock { $0.firstSignal } }

    /// The time since the shutdown was first asked for.
    var took: Time { state.withLock { $0.beganAt.map { Clock.now() - $0 } ?? .zero } }

    /// Handles a signal; callable from any thread, at any time.
    func receive(_ signal: Signal, from sender: Int32) {
        let ordinal = state.withLock { state in
            state.signals += 1
            state.firstSignal = state.firstSignal ?? signal
            return state.signals
        }
        emitter.emit(.signal(.received(signal, ordinal: ordinal, sender: Int(sender))))
        switch (ordinal, behaviour.secondSignal) {
        case (1, _): ask(.signal(signal))
        case (2, .forces): force(.secondSignal(signal))
        case (2, .cleansUpAgain): begin(again: true, .secondSignal(signal))
        default: break
        }
    }

    /// Begins the shutdown, or a second clean-up where the behaviour is to have one.
    func ask(_ cause: ShutdownCause) {
        let isFirst = state.withLock { state in
            defer { state.beganAt = state.beganAt ?? Clock.now() }
            return state.beganAt == nil
        }
        if isFirst {
            begin(cause)
        } else if behaviour.stopRoute == .startsItsOwn {
            begin(again: true, cause)
        }
    }

    /// Obeys the parent process.
    func obey(_ command: ControlCommand) {
        switch command {
        case .hold: gate.close()
        case .release: gate.open()
        case .step: gate.step()
        case .lead(let length): lead.change(to: length)
        case .keepLead(let length): if lead.exists { lead.keep(for: length) }
        }
    }

    /// Records that work in flight was cut, and why.
    func cut(_ cause: ForcedCause) {
        state.withLock { $0.outcome = .forced }
        emitter.emit(.shutdown(.forced(cause)))
    }

    /// Records that the shutdown did not go as it should have.
    func fail() { state.withLock { $0.outcome = .forced } }

    /// Ends the process with status 1 and without any clean-up, as `log.Fatal` in Go does.
    func exitOnTheSpot() -> Never {
        emitter.close()
        _exit(1)
    }

    private func begin(again: Bool = false, _ cause: ShutdownCause) {
        var limits = budgets
        limits.lead = lead.named
        emitter.emit(.shutdown(.began(cause, ordinal: again ? 2 : 1, budgets: limits)))
        (again ? repeated : began).fire()
    }

    private func force(_ cause: ForcedCause) {
        cut(cause)
        forced.fire()
    }
}

extension ShutdownOutcome {
    /// 0 for a clean shutdown, 1 for an orderly one that had to cut work.
    var exitCode: Int32 { self == .clean ? 0 : 1 }
}
