import NIOCore
import NIOPosix
import ShutdownTrace
import Synchronization

/// Something that happens once, and that any number of waiters learn of at that instant.
///
/// All waiting in a shutdown is made of it, so nothing polls: whoever waits is told by the event itself, by a timer
/// or by the force of a second signal.
final class Moment: Sendable {
    /// Why a wait ended.
    enum Reason: Sendable {
        /// The moment came.
        case passed
        /// The limit came first.
        case timedOut
        /// Another moment, which the waiter also watched, came first.
        case overtaken
    }

    private struct State {
        var hasPassed = false
        var next = 0
        var watchers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    var hasPassed: Bool { state.withLock { $0.hasPassed } }

    /// Lets it happen.
    ///
    /// The watchers run on the caller's thread before this returns; a second call does nothing.
    func pass() {
        let watchers = state.withLock { state in
            defer { (state.hasPassed, state.watchers) = (true, [:]) }
            return state.watchers
        }
        for watcher in watchers.sorted(by: { $0.key < $1.key }) { watcher.value() }
    }

    /// Runs the closure when the moment comes, at once if it has; the result takes the closure away again.
    @discardableResult
    func watch(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let ticket: Int? = state.withLock { state in
            guard !state.hasPassed else { return nil }
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

    /// What the time of a limit is.
    enum Clock: Sendable {
        /// Time, whatever the process does in it.
        case monotonic
        /// Time in which the process ran: a pause (SIGSTOP) costs one tick at most.
        case running
    }

    /// Waits for the moment, for at most so long, unless the other moment comes before it.
    @discardableResult
    func wait(atMost limit: Time? = nil, by clock: Clock = .monotonic, unless other: Moment? = nil) async -> Reason {
        let race = Race()
        return await withCheckedContinuation { continuation in
            race.begin(continuation)
            race.add(watch { race.end(.passed) })
            if let other { race.add(other.watch { race.end(.overtaken) }) }
            guard let limit else { return }
            race.end(after: limit, by: clock, on: MultiThreadedEventLoopGroup.singleton.any())
        }
    }
}

/// The first of several reasons to go on wins; the others are called off.
private final class Race: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Moment.Reason, Never>?
        var cleanups: [@Sendable () -> Void] = []
        var isOver = false
    }

    private let state = Mutex(State())

    private static let tick = Time.milliseconds(50)

    private var isOver: Bool { state.withLock { $0.isOver } }

    func begin(_ continuation: CheckedContinuation<Moment.Reason, Never>) {
        state.withLock { $0.continuation = continuation }
    }

    func add(_ cleanup: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.cleanups.append(cleanup) }
            return state.isOver
        }
        if isOver { cleanup() }
    }

    /// Lets the limit run down, in one go or, in running time, tick by tick.
    func end(after limit: Time, by clock: Moment.Clock, on loop: any EventLoop) {
        let step = clock == .running ? min(limit, Self.tick) : limit
        let timer = loop.scheduleTask(in: .microseconds(max(0, step.microseconds))) {
            if step == limit { return self.end(.timedOut) }
            if !self.isOver { self.end(after: limit - step, by: clock, on: loop) }
        }
        if clock == .monotonic { add { timer.cancel() } }
    }

    func end(_ reason: Moment.Reason) {
        let (continuation, cleanups) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.continuation, state.cleanups)
        }
        continuation?.resume(returning: reason)
        for cleanup in cleanups { cleanup() }
    }
}
