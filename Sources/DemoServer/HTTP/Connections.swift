import LifecycleTrace
import NIOCore
import Platform
import ShutdownTrace
import Synchronization

/// All HTTP connections and the requests in flight on them; says when every request is answered.
///
/// NIO's helper for this (ServerQuiescingHelper) waits without a limit for every connection, also for idle ones and
/// half-sent requests, and its pipeline handler drops pipelined requests in silence. This type waits for connections that
/// owe something: a request, or an answer that the kernel still holds.
final class Connections: Sendable {
    /// A command to a connection, as a user event through its pipeline.
    enum Command: Sendable {
        /// Finish what is in flight, then close.
        case drain
        /// Give up what is in flight, for this reason, and close now.
        case cut(cause: String)
        /// The client has neither sent nor taken a byte for too long.
        case giveUpOnPeer
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Requests in flight.
        var requests = 0
        /// Connections that owe an answer, or bytes of one that the client has not taken yet.
        var owing = 0
        /// Connections that do not know yet whether they are idle.
        var undecided: Set<ObjectIdentifier> = []
        var closedIdle = 0
        var isDraining = false
    }

    /// Fires once everything is answered and delivered, after ``drain()``.
    let settled = OneShotEvent()

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

    /// A connection knows whether it is idle, after ``Command/drain``.
    func decided(_ channel: any Channel, isIdle: Bool) {
        update { state in
            state.undecided.remove(ObjectIdentifier(channel))
            if isIdle { state.closedIdle += 1 }
        }
    }

    /// Lets every connection finish its requests and close.
    func drain() {
        let channels = state.withLock { state in
            state.isDraining = true
            state.undecided = Set(state.channels.keys)
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Command.drain) }
        update { _ in }
    }

    /// Ends every connection now.
    func cut(cause: String) {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Command.cut(cause: cause)) }
    }

    /// Emits the number of idle connections once the last one has decided, and fires ``settled`` once none owes anything.
    private func update(_ change: (inout State) -> Void) {
        let (idle, isSettled): (Int, Bool) = state.withLock { state in
            change(&state)
            guard state.isDraining, state.undecided.isEmpty else { return (0, false) }
            defer { state.closedIdle = 0 }
            return (state.closedIdle, state.owing == 0)
        }
        if idle > 0 { emitter.emit(.connection(.closed(.init(end: .fin, count: idle)))) }
        if isSettled { settled.fire() }
    }
}
