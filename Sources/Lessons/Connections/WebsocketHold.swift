internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// WebSockets, which no HTTP drain ends.
    package static let websocketHold = Scenario(
        "websocket-hold", .connections, "nobody tells the WebSockets, and the server waits for them",
        press: "Press t, which sends SIGTERM. Three WebSockets are open.",
        watch: "All requests are answered, and the process stays. The WebSockets know nothing of the shutdown, so "
            + "none of them leaves. The grace period ends it.",
        why: "A WebSocket is a connection without an end. It is no request any more, so the drain of the HTTP server "
            + "does not see it, and most frameworks do not close it for you.",
        mend: "Send each a Close frame with code 1001 (going away), wait a second or two for its answer, then close. "
            + "Refuse new upgrades meanwhile.",
        broken: Server(
            Behaviour {
                $0.drain = .unlimited
                $0.websockets = .waitedFor
            },
            verdict: Expectation(.forceKilled, .killed.union([.webSocketsTold]), mayFail: .followsKill),
            explanations: [
                .serving: "Clients hold WebSockets open. This server tells them nothing when it leaves, and waits "
                    + "for them without a limit.",
                .draining: "Nobody tells the WebSockets that the server goes away, so they have no reason to close. "
                    + "They hold it until the grace period is over.",
                .gone: "This server waits for clients that do not know that they are waited for. SIGKILL ends such "
                    + "a wait, and all that should come after it.",
            ]),
        mended: Server(
            explanations: [
                .serving: "Clients hold WebSockets open. When its drain begins, this server sends each a Close "
                    + "frame with code 1001, which means going away.",
                .draining: "Each WebSocket was told 1001 and has two seconds to answer. Whoever does not answer is "
                    + "closed.",
                .gone: "A Close frame and a limit of two seconds were the whole cure.",
            ])
    ) { $0.limitGrace(checked: .seconds(4), watched: .seconds(12)) }
}
