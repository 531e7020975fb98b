import LifecycleTrace
import NIOCore
import ShutdownTrace
import Synchronization

/// All WebSockets: told that the server goes away, waited for, and counted out.
///
/// Nothing in NIO closes a WebSocket when a server drains, so the hub tells each one: Close 1001, a timer, and the end.
final class WebSocketHub: Resource {
    let kind = ResourceKind.websockets
    let emitter: Emitter

    /// What a WebSocket is told, as a user event through its pipeline.
    enum Order: Sendable {
        /// Say goodbye with 1001 and give the peer this long to answer.
        case goAway(patience: Time)
        /// Close now.
        case cut
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var told = 0
        var clean = 0
        var isClosing = false
    }

    /// How long a peer may take to answer the Close; nil where nobody is told, and all are waited for.
    private let patience: Time?
    private let forced: Moment
    private let allGone = Moment()
    private let state = Mutex(State())

    /// A peer that does not answer the Close within two seconds is not waited for, nor longer than the drain.
    init(emitter: Emitter, drain: Time?, forced: Moment, behaviour: Behaviour.WebSockets = .told) {
        self.emitter = emitter
        self.forced = forced
        patience = behaviour == .told ? min(.seconds(2), drain ?? .seconds(2)) : nil
        tellAcquired("hub")
    }

    /// Whether upgrades are refused.
    var isClosing: Bool { state.withLock { $0.isClosing } }

    func add(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            if state.isClosing { state.told += 1 }
            return state.isClosing
        }
        if isLate { tell(channel) }
    }

    func remove(_ channel: any Channel, isClean: Bool) {
        update { state in
            state.channels[ObjectIdentifier(channel)] = nil
            if state.isClosing, isClean { state.clean += 1 }
        }
    }

    /// Tells all of them; their timers run from here, beside the requests' deadline.
    func tellAll() {
        let channels = state.withLock { state in
            state.isClosing = true
            state.told = state.channels.count
            return Array(state.channels.values)
        }
        let told = patience == nil ? "\(channels.count) not told" : "\(channels.count) told 1001"
        tellQuiesced(channels.isEmpty ? "none open" : told)
        for channel in channels { tell(channel) }
        update { _ in }
    }

    func beginRelease() -> Int { state.withLock { $0.channels.count } }

    func release() async throws(Fault) -> String {
        if await allGone.wait(atMost: patience.map { $0 + .seconds(1) }, unless: forced) != .passed {
            let channels = state.withLock { Array($0.channels.values) }
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Order.cut) }
            await allGone.wait(atMost: .seconds(1))
        }
        let (told, clean) = state.withLock { ($0.told, $0.clean) }
        if told == 0 { return "none open" }
        return patience == nil ? "\(told) left by themselves" : "\(clean) of \(told) closed clean, 1001"
    }

    private func tell(_ channel: any Channel) {
        guard let patience else { return }
        channel.pipeline.fireUserInboundEventTriggered(Order.goAway(patience: patience))
    }

    private func update(_ change: (inout State) -> Void) {
        let isDone = state.withLock { state in
            change(&state)
            return state.isClosing && state.channels.isEmpty
        }
        if isDone { allGone.pass() }
    }
}
