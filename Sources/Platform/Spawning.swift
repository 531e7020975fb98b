import Dispatch
import Synchronization

/// A program that this process is about to start, so that nobody stops this process meanwhile.
///
/// A child that a stop signal for the whole group meets between its making and execve(2) keeps a thread of its parent in
/// the kernel (vfork(2), "the calling thread is suspended until the child terminates or makes a call to execve"). The
/// parent then never stops as a whole, and its shell never learns that it stopped.
package final class Spawning: Sendable {
    private struct State {
        /// How many programs are being started.
        var count = 0
        /// Signalled when none is any more, while somebody waits for that.
        var idle: DispatchSemaphore?
        /// Those that begin once the exclusion is over.
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isExcluded = false

        /// Programs get the limit of open files that this process was given.
        mutating func begin(_ more: Int = 1) {
            if count == 0, more > 0 { OpenFiles.lower() }
            count += more
        }

        mutating func end() {
            count -= 1
            if count == 0 { OpenFiles.restore() }
        }
    }

    private static let state = Mutex(State())
    private let isOver = Atomic(false)

    private init() {}

    /// Begins to start a program.
    ///
    /// Waits only while ``exclude(during:)`` goes on, and blocks no thread.
    package static func begin() async -> Spawning {
        await withCheckedContinuation { continuation in
            let mayBegin = state.withLock { state in
                if state.isExcluded { state.waiting.append(continuation) } else { state.begin() }
                return !state.isExcluded
            }
            if mayBegin { continuation.resume() }
        }
        return Spawning()
    }

    /// The program runs, or could not be started; the second time it does nothing.
    package func end() {
        guard !isOver.exchange(true, ordering: .relaxed) else { return }
        let idle = Self.state.withLock { state in
            state.end()
            return state.count == 0 ? state.idle : nil
        }
        idle?.signal()
    }

    deinit { end() }

    /// Does something while no program is being started; where one takes more than a second, all the same.
    ///
    /// Blocks its thread, so it is for threads of which nobody else has need: not for those of tasks.
    package static func exclude(during body: () -> Void) {
        let idle = DispatchSemaphore(value: 0)
        let isIdle = state.withLock { state in
            state.isExcluded = true
            state.idle = idle
            return state.count == 0
        }
        if !isIdle { _ = idle.wait(timeout: .now() + 1) }
        body()
        let waiting = state.withLock { state in
            let waiting = state.waiting
            state = State(count: state.count)
            state.begin(waiting.count)
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
