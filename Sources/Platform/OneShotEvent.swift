package import ShutdownTrace
import Synchronization

/// Something that happens once; any number of tasks can wait for it.
package final class OneShotEvent: Sendable {
    /// Why a wait ended.
    package enum Outcome: Sendable {
        /// The event came.
        case fired
        /// The limit came first.
        case timedOut
        /// The other event came first.
        case overtaken
    }

    /// Which time a limit is measured in.
    package enum LimitClock: Sendable {
        /// All time, also while the process is stopped.
        case monotonic
        /// Time in which the process runs: a pause (SIGSTOP) costs one tick at most.
        case running
    }

    private struct State {
        var hasFired = false
        var last = 0
        var watchers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// The tick of ``LimitClock/running``.
    private static let tick = Time.milliseconds(50)

    package init() {}

    package var hasFired: Bool { state.withLock { $0.hasFired } }

    /// Resumes all waiters, and runs the watchers on the caller's thread; a second call does nothing.
    package func fire() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            state.hasFired = true
            return state.watchers
        }
        for watcher in watchers.sorted(by: { $0.key < $1.key }) { watcher.value() }
    }

    /// Runs the closure when the event comes, at once if it has come; the result removes the closure again.
    @discardableResult
    package func watch(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let ticket: Int? = state.withLock { state in
            guard !state.hasFired else { return nil }
            state.last += 1
            state.watchers[state.last] = body
            return state.last
        }
        guard let ticket else {
            body()
            return {}
        }
        return { self.state.withLock { $0.watchers[ticket] = nil } }
    }

    /// Returns when the event has come, or when the task is cancelled.
    package func wait() async {
        let wait = Wait()
        wait.watch(self, for: .fired)
        await withTaskCancellationHandler {
            _ = await wait.outcome()
        } onCancel: {
            wait.end(.overtaken)
        }
    }

    /// As ``wait()``, but no longer than this.
    package func wait(atMost limit: Time, _ clock: RunClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits for the event, for at most so long, unless the other event comes first; cancellation does not end the wait.
    @discardableResult
    package func outcome(
        within limit: Time? = nil, by clock: LimitClock = .monotonic, unless other: OneShotEvent? = nil
    ) async -> Outcome {
        let wait = Wait()
        wait.watch(self, for: .fired)
        if let other { wait.watch(other, for: .overtaken) }
        if let limit {
            let timer = Task {
                try await Self.sleep(limit, by: clock)
                wait.end(.timedOut)
            }
            wait.whenOver { timer.cancel() }
        }
        return await wait.outcome()
    }

    private static func sleep(_ span: Time, by clock: LimitClock) async throws {
        var left = span
        while left > .zero {
            let step = clock == .running ? min(left, tick) : left
            // SuspendingClock is CLOCK_MONOTONIC on Linux.
            try await Task.sleep(for: .microseconds(step.microseconds), tolerance: .zero, clock: .suspending)
            left = left - step
        }
    }
}

/// One wait: ends for the first of several reasons, and stops to watch the others.
private final class Wait: Sendable {
    private struct State {
        var continuation: CheckedContinuation<OneShotEvent.Outcome, Never>?
        var outcome: OneShotEvent.Outcome?
        var cleanups: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    func watch(_ event: OneShotEvent, for outcome: OneShotEvent.Outcome) {
        whenOver(event.watch { self.end(outcome) })
    }

    /// Runs the closure when the wait is over, at once if it is.
    func whenOver(_ cleanup: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if state.outcome == nil { state.cleanups.append(cleanup) }
            return state.outcome != nil
        }
        if isOver { cleanup() }
    }

    func end(_ outcome: OneShotEvent.Outcome) {
        let ended = state.withLock { state in
            defer { state = State(outcome: state.outcome ?? outcome) }
            return state
        }
        ended.continuation?.resume(returning: outcome)
        for cleanup in ended.cleanups { cleanup() }
    }

    func outcome() async -> OneShotEvent.Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.continuation = continuation }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
