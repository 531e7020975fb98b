import Platform
import ShutdownTrace
import Synchronization

/// How readiness is polled; this can change while a poll is waited for.
final class Polling: Sendable {
    private struct State {
        var plan: BalancerPlan
        var changed = OneShotEvent()
    }

    private let state: Mutex<State>

    /// The longest time between two polls of a server that is not ready.
    private static let impatience = Time.seconds(0.05)

    init(_ plan: BalancerPlan) {
        state = Mutex(State(plan: plan))
    }

    var plan: BalancerPlan { state.withLock { $0.plan } }

    func change(to plan: BalancerPlan) {
        let before = state.withLock { state in
            defer { state = State(plan: plan) }
            return state.changed
        }
        before.fire()
    }

    /// Waits until a poll is due again after one that began at `start`; false when the task is cancelled.
    func wait(after start: Time, isIn: Bool, _ clock: RunClock) async -> Bool {
        while !Task.isCancelled {
            let (plan, changed) = state.withLock { ($0.plan, $0.changed) }
            let left = start + (isIn ? plan.interval : min(plan.interval, Self.impatience)) - clock.now
            guard left > .zero else { return true }
            await changed.wait(atMost: left, clock)
        }
        return false
    }
}
