import Synchronization

/// Rings for a loop that may not be there yet.
package final class Bell: Sendable {
    private struct State {
        var ring: (@Sendable () -> Void)?
        var wasRung = false
    }

    private let state = Mutex(State())

    /// Safe on any thread; what rang before somebody listened rings then.
    package func ring() {
        let ring = state.withLock { state in
            state.wasRung = state.ring == nil
            return state.ring
        }
        ring?()
    }

    func hang(_ ring: @escaping @Sendable () -> Void) {
        let wasRung = state.withLock { state in
            state.ring = ring
            return state.wasRung
        }
        if wasRung { ring() }
    }
}
