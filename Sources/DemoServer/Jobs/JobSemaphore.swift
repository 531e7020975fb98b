import DequeModule
import Synchronization

/// Wakes one worker for each job that is queued.
///
/// A wake without a waiting worker is kept for the next worker that waits.
final class JobSemaphore: Sendable {
    private struct State {
        var wakes = 0
        var isOver = false
        var waiting: Deque<CheckedContinuation<Bool, Never>> = []
    }

    private let state = Mutex(State())

    /// Wakes a worker for each of so many new jobs.
    func wake(_ count: Int = 1) {
        for _ in 0..<count {
            let worker = state.withLock { state in
                if state.waiting.isEmpty { state.wakes += 1 }
                return state.waiting.popFirst()
            }
            worker?.resume(returning: true)
        }
    }

    /// Waits for a job; false once ``end()`` was called.
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

    /// Ends all waits, now and later.
    func end() {
        let workers = state.withLock { state in
            defer { state.waiting = [] }
            state.isOver = true
            return state.waiting
        }
        for worker in workers { worker.resume(returning: false) }
    }
}
