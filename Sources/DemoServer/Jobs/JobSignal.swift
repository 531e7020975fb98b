import DequeModule
import Synchronization

/// Wakes one worker for each job that is queued.
///
/// A wake that finds nobody waiting is kept for the next who asks.
final class JobSignal: Sendable {
    private struct State {
        var wakes = 0
        var isOver = false
        var waiting: Deque<CheckedContinuation<Bool, Never>> = []
    }

    private let state = Mutex(State())

    /// Tells that so many more jobs wait.
    func wake(_ count: Int = 1) {
        for _ in 0..<count {
            let sleeper = state.withLock { state in
                if state.waiting.isEmpty { state.wakes += 1 }
                return state.waiting.popFirst()
            }
            sleeper?.resume(returning: true)
        }
    }

    /// Waits for a job; false once it is over.
    func wait() async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isOver { return false }
                if state.wakes == 0 {
                    state.waiting.append(continuation)
                    return nil
                }
                state.wakes -= 1
                return true
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Sends everybody home.
    func end() {
        let sleepers = state.withLock { state in
            defer { state.waiting = [] }
            state.isOver = true
            return state.waiting
        }
        for sleeper in sleepers { sleeper.resume(returning: false) }
    }
}
