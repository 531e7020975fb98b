import Synchronization

/// A wake-up call for a loop that may not run yet.
package final class DeferredWakeup: Sendable {
    private struct State {
        var wake: (@Sendable () -> Void)?
        /// Whether a call came before there was a loop.
        var isPending = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes the loop, or wakes it as soon as it is connected; safe on every thread.
    package func wake() {
        let wake = state.withLock { state in
            state.isPending = state.wake == nil
            return state.wake
        }
        wake?()
    }

    /// Connects the loop.
    func connect(_ wake: @escaping @Sendable () -> Void) {
        let isPending = state.withLock { state in
            state.wake = wake
            return state.isPending
        }
        if isPending { wake() }
    }
}
