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

    /// Waits for the moment, for at most so long, unless the other moment comes before it.
    @discardableResult
    func wait(atMost limit: Time? = nil, unless other: Moment? = nil) async -> Reason {
        let race = Race()
        return await withCheckedContinuation { continuation in
            race.begin(continuation)
            race.add(watch { race.end(.passed) })
            if let other { race.add(other.watch { race.end(.overtaken) }) }
            guard let limit else { return }
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            let timer = loop.scheduleTask(in: .microseconds(max(0, limit.microseconds))) { race.end(.timedOut) }
            race.add { timer.cancel() }
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

    func end(_ reason: Moment.Reason) {
        let (continuation, cleanups) = state.withLock { state in
            defer { state = State(isOver: true) }
            return (state.continuation, state.cleanups)
        }
        continuation?.resume(returning: reason)
        for cleanup in cleanups { cleanup() }
    }
}
