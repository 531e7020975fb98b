import LifecycleTrace
import NIOCore
import ShutdownTrace
import Synchronization

/// All HTTP connections, the requests in flight on them, and the moment when nothing is owed to anybody any more.
///
/// NIO's own helper for this (ServerQuiescingHelper) waits for every connection, idle ones and half-sent requests
/// included, without a limit, and its pipeline handler drops pipelined requests in silence. This one waits for what is
/// owed: requests, and answers that the kernel still holds.
final class Connections: Sendable {
    /// What a connection is told, as a user event through its pipeline.
    enum Order: Sendable {
        /// Finish what is in flight, then close.
        case drain
        /// Give up what is in flight, for this reason, and close now.
        case cut(cause: String)
        /// The client has done nothing for longer than it is granted.
        case giveUpOnPeer
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Requests in flight.
        var requests = 0
        /// Connections that owe something: a request, or an answer that its client has not taken yet.
        var owing = 0
        /// Connections that have not yet found out whether they are idle.
        var undecided: Set<ObjectIdentifier> = []
        var closedIdle = 0
        var isDraining = false
    }

    /// Passes once everything is answered and delivered, after ``drain()``.
    let settled = Moment()

    private let state = Mutex(State())
    private let emitter: Emitter
    private let closing = Atomic(false)

    init(emitter: Emitter) {
        self.emitter = emitter
    }

    /// Whether the last answer that a connection owes should announce that it closes.
    var announcesClose: Bool { closing.load(ordering: .relaxed) }

    var isDraining: Bool { state.withLock { $0.isDraining } }

    var inFlight: Int { state.withLock { $0.requests } }

    /// From here on, answers carry `Connection: close`.
    func announceClose() { closing.store(true, ordering: .relaxed) }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.channels[id] = channel
            if state.isDraining { state.undecided.insert(id) }
        }
        channel.closeFuture.whenComplete { _ in self.remove(channel) }
    }

    /// Forgets a connection that closed or became a WebSocket.
    func remove(_ channel: any Channel) {
        update { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.undecided.remove(ObjectIdentifier(channel))
        }
    }

    func requestStarted() { state.withLock { $0.requests += 1 } }

    func requestEnded() { state.withLock { $0.requests -= 1 } }

    func beganOwing() { state.withLock { $0.owing += 1 } }

    func endedOwing() { update { $0.owing -= 1 } }

    /// Takes a connection's answer to ``Order/drain``.
    func decided(_ channel: any Channel, isIdle: Bool) {
        update { state in
            state.undecided.remove(ObjectIdentifier(channel))
            if isIdle { state.closedIdle += 1 }
        }
    }

    /// Tells every connection to finish and close.
    func drain() {
        let channels = state.withLock { state in
            state.isDraining = true
            state.undecided = Set(state.channels.keys)
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Order.drain) }
        update { _ in }
    }

    /// Ends every connection now.
    func cut(cause: String) {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Order.cut(cause: cause)) }
    }

    /// Tells of the idle connections once the last one has decided, and of the end once nothing is owed.
    private func update(_ change: (inout State) -> Void) {
        let (idle, isSettled): (Int, Bool) = state.withLock { state in
            change(&state)
            guard state.isDraining, state.undecided.isEmpty else { return (0, false) }
            defer { state.closedIdle = 0 }
            return (state.closedIdle, state.owing == 0)
        }
        if idle > 0 { emitter.emit(.connection(.closed(.init(end: .fin, count: idle)))) }
        if isSettled { settled.pass() }
    }
}
