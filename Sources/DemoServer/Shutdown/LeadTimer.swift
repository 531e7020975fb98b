import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// The lead: how long the server goes on serving after it has said that it is not ready; it can change while it runs.
final class LeadTimer: Sendable {
    private struct State {
        var length: Time
        var named: Time
        var changed = OneShotEvent()
    }

    private let state: Mutex<State>

    init(_ length: Time) {
        state = Mutex(State(length: length, named: length))
    }

    /// Whether the server has a lead at all.
    var exists: Bool { state.withLock { $0.length > .zero } }

    /// The lead that was configured or asked for, however long it is kept up.
    var named: Time { state.withLock { $0.named } }

    /// Makes the lead longer or shorter, counted from its beginning.
    func change(to length: Time) { set(length, named: length) }

    /// Keeps the lead up for as long as the load balancer needs; ``named`` stays.
    func keep(for length: Time) { set(length) }

    /// Waits for the end of the lead, unless the other event comes first.
    ///
    /// - Returns: The length of the lead; nil when it was cut short.
    func run(unless other: OneShotEvent) async -> Time? {
        let start = Clock.now()
        while true {
            let (length, changed) = state.withLock { ($0.length, $0.changed) }
            let outcome = await other.outcome(within: max(.zero, start + length - Clock.now()), unless: changed)
            switch outcome {
            case .fired: return nil
            case .timedOut: return length
            case .overtaken: continue
            }
        }
    }

    private func set(_ length: Time, named: Time? = nil) {
        let changed = state.withLock { state in
            defer { state = State(length: length, named: named ?? state.named) }
            return state.changed
        }
        changed.fire()
    }
}
