import NIOCore
import ShutdownTrace
import Synchronization

/// All WebSockets: told that the server goes away, waited for, and counted out.
///
/// Nothing in NIO closes a WebSocket when a server drains, so the hub tells each one: Close 1001, a timer, and the end.
final class WebSocketHub: Resource {
    let name = ResourceName.websockets
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

    private let patience: Time
    private let forced: Moment
    private let allGone = Moment()
    private let state = Mutex(State())

    /// A peer that does not answer the Close within two seconds is not waited for, nor longer than the drain.
    init(emitter: Emitter, drain: Time, forced: Moment) {
        self.emitter = emitter
        self.forced = forced
        patience = min(.seconds(2), drain)
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
        if isLate { channel.pipeline.fireUserInboundEventTriggered(Order.goAway(patience: patience)) }
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
        tellQuiesced(channels.isEmpty ? "none open" : "\(channels.count) told 1001")
        for channel in channels {
            channel.pipeline.fireUserInboundEventTriggered(Order.goAway(patience: patience))
        }
        update { _ in }
    }

    func beginRelease() -> Int { state.withLock { $0.channels.count } }

    func release() async throws(Fault) -> String {
        if await allGone.wait(atMost: patience + .seconds(1), unless: forced) != .passed {
            let channels = state.withLock { Array($0.channels.values) }
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Order.cut) }
            await allGone.wait(atMost: .seconds(1))
        }
        let (told, clean) = state.withLock { ($0.told, $0.clean) }
        return told == 0 ? "none open" : "\(clean) of \(told) closed clean, 1001"
    }

    private func update(_ change: (inout State) -> Void) {
        let isDone = state.withLock { state in
            change(&state)
            return state.isClosing && state.channels.isEmpty
        }
        if isDone { allGone.pass() }
    }
}
