import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// How long the server goes on as before after it has said that it is not ready; may be changed while it runs.
final class Lead: Sendable {
    private struct State {
        var length: Time
        var named: Time
        var changed = Moment()
    }

    private let state: Mutex<State>

    init(_ length: Time) {
        state = Mutex(State(length: length, named: length))
    }

    /// Whether the server goes on at all once it is not ready any more.
    var exists: Bool { state.withLock { $0.length > .zero } }

    /// How long it is meant to be, however long it is kept up.
    var named: Time { state.withLock { $0.named } }

    /// Makes it longer or shorter, in seconds since it began.
    func change(to length: Time) {
        let changed = state.withLock { state in
            defer { state = State(length: length, named: length) }
            return state.changed
        }
        changed.pass()
    }

    /// Makes it as long as the balancer needs, whatever it is meant to be.
    func keep(for length: Time) {
        let changed = state.withLock { state in
            defer { state = State(length: length, named: state.named) }
            return state.changed
        }
        changed.pass()
    }

    /// Waits for its end, unless the other moment comes before it; the result is the length it had, nil when cut short.
    func run(unless other: Moment) async -> Time? {
        let start = Clock.now()
        while true {
            let (length, changed) = state.withLock { ($0.length, $0.changed) }
            let reason = await other.wait(atMost: max(.zero, start + length - Clock.now()), unless: changed)
            switch reason {
            case .passed: return nil
            case .timedOut: return length
            case .overtaken: continue
            }
        }
    }
}
