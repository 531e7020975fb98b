import NIOCore
import NIOPosix
import ShutdownTrace
import Synchronization

/// Something that happens once; any number of tasks can wait for it.
///
/// Every wait of a shutdown is one on such an event, so nothing polls: the event, a timer or a second signal ends it.
final class OneShotEvent: Sendable {
    /// Why a wait ended.
    enum Reason: Sendable {
        /// The event came.
        case fired
        /// The limit came first.
        case timedOut
        /// The other event came first.
        case overtaken
    }

    private struct State {
        var hasFired = false
        var next = 0
        var watchers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    var hasFired: Bool { state.withLock { $0.hasFired } }

    /// Resumes all waiters, and runs the watchers on the caller's thread; a second call does nothing.
    func fire() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            state.hasFired = true
            return state.watchers
        }
        for watcher in watchers.sorted(by: { $0.key < $1.key }) { watcher.value() }
    }

    /// Runs the closure when the event comes, at once if it has come; the result removes the closure again.
    @discardableResult
    func watch(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let ticket: Int? = state.withLock { state in
            guard !state.hasFired else { return nil }
            state.next += 1
            state.watchers[state.next] = body
            return state.next
        }
        guard let ticket else {
            body()
            return {}
        }
        return { self.state.withLock { $0.watchers[ticket] = nil } }
    }

    /// Which time a limit is measured in.
    enum Clock: Sendable {
        /// All time, also while the process is stopped.
        case monotonic
        /// Time in which the process runs: a pause (SIGSTOP) costs one tick at most.
        case running
    }

    /// Waits for the event, for at most so long, unless the other event comes first.
    @discardableResult
    func wait(atMost limit: Time? = nil, by clock: Clock = .monotonic, unless other: OneShotEvent? = nil) async
        -> Reason
    {
        let race = Race()
        return await withCheckedContinuation { continuation in
            race.begin(continuation)
            race.add(watch { race.end(.fired) })
            if let other { race.add(other.watch { race.end(.overtaken) }) }
            guard let limit else { return }
            race.end(after: limit, by: clock, on: MultiThreadedEventLoopGroup.singleton.any())
        }
    }
}

/// Resumes a waiter for the first of several reasons, and cancels the others.
private final class Race: Sendable {
    private struct State {
        var continuation: CheckedContinuation<OneShotEvent.Reason, Never>?
        var cleanups: [@Sendable () -> Void] = []
        var isOver = false
    }

    private let state = Mutex(State())

    private static let tick = Time.milliseconds(50)

    private var isOver: Bool { state.withLock { $0.isOver } }

    func begin(_ continuation: CheckedContinuation<OneShotEvent.Reason, Never>) {
        state.withLock { $0.continuation = continuation }
    }

    func add(_ cleanup: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.cleanups.append(cleanup) }
            return state.isOver
        }
        if isOver { cleanup() }
    }

    /// Ends the wait after the limit: by one timer, or, in running time, by one timer a tick.
    func end(after limit: Time, by clock: OneShotEvent.Clock, on loop: any EventLoop) {
        let step = clock == .running ? min(limit, Self.tick) : limit
        let timer = loop.scheduleTask(in: .microseconds(max(0, step.microseconds))) {
            if step == limit { return self.end(.timedOut) }
            if !self.isOver { self.end(after: limit - step, by: clock, on: loop) }
        }
        if clock == .monotonic { add { timer.cancel() } }
    }

    func end(_ reason: OneShotEvent.Reason) {
        let (continuation, cleanups) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.continuation, state.cleanups)
        }
        continuation?.resume(returning: reason)
        for cleanup in cleanups { cleanup() }
    }
}
