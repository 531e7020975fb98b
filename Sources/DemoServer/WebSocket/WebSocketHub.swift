import LifecycleTrace
import NIOCore
import Platform
import ShutdownTrace
import Synchronization

/// All open WebSockets: at the shutdown each gets a Close frame, and the server waits for the answers.
///
/// NIO does not close a WebSocket when a server drains. So the hub sends Close 1001 to each, and closes it when its timer
/// is over.
final class WebSocketHub: ServerResource {
    let kind = ResourceKind.websockets
    let emitter: Emitter

    /// A command to a WebSocket, as a user event through its pipeline.
    enum Command: Sendable {
        /// Send a Close frame with 1001 and give the peer this long to answer.
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

    /// How long a peer may take to answer the Close frame; nil where none is sent, and the server waits for all.
    private let patience: Time?
    private let forced: OneShotEvent
    private let allGone = OneShotEvent()
    private let state = Mutex(State())

    /// A peer has two seconds to answer the Close frame, and never longer than the drain.
    init(emitter: Emitter, drain: Time?, forced: OneShotEvent, behaviour: Behaviour.WebSockets = .told) {
        self.emitter = emitter
        self.forced = forced
        patience = behaviour == .told ? min(.seconds(2), drain ?? .seconds(2)) : nil
        emitAcquired("hub")
    }

    /// Whether upgrades are refused.
    var isClosing: Bool { state.withLock { $0.isClosing } }

    func add(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            if state.isClosing { state.told += 1 }
            return state.isClosing
        }
        if isLate { sendClose(to: channel) }
    }

    func remove(_ channel: any Channel, isClean: Bool) {
        update { state in
            state.channels[ObjectIdentifier(channel)] = nil
            if state.isClosing, isClean { state.clean += 1 }
        }
    }

    /// Sends a Close frame to each; their timers run from here, beside the limit of the drain.
    func closeAll() {
        let channels = state.withLock { state in
            state.isClosing = true
            state.told = state.channels.count
            return Array(state.channels.values)
        }
        let told = patience == nil ? "\(channels.count) not told" : "\(channels.count) told 1001"
        emitQuiesced(channels.isEmpty ? "none open" : told)
        for channel in channels { sendClose(to: channel) }
        update { _ in }
    }

    func beginRelease() -> Int { state.withLock { $0.channels.count } }

    func release() async throws(Fault) -> String {
        if await allGone.outcome(within: patience.map { $0 + .seconds(1) }, unless: forced) != .fired {
            let channels = state.withLock { Array($0.channels.values) }
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Command.cut) }
            await allGone.outcome(within: .seconds(1))
        }
        let (told, clean) = state.withLock { ($0.told, $0.clean) }
        if told == 0 { return "none open" }
        return patience == nil ? "\(told) left by themselves" : "\(clean) of \(told) closed clean, 1001"
    }

    private func sendClose(to channel: any Channel) {
        guard let patience else { return }
        channel.pipeline.fireUserInboundEventTriggered(Command.goAway(patience: patience))
    }

    private func update(_ change: (inout State) -> Void) {
        let isDone = state.withLock { state in
            change(&state)
            return state.isClosing && state.channels.isEmpty
        }
        if isDone { allGone.fire() }
    }
}
