/// Connections that hold a drain up, and answers that are lost on their way out.
extension Scenario {
    static let connections = [keepAliveLinger, slowPeers, websocketHold, rstEatsResponse]

    public static let keepAliveLinger = Scenario(
        "keepalive-linger", .connections, "idle connections are waited for until they time out",
        press: "Press t, which sends SIGTERM.",
        watch: "The last answer is out, and the process stays for up to 2.5 s more. It waits for connections on which "
            + "nothing happens.",
        why: "Clients keep connections open to save the next handshake. This server announces no close and waits "
            + "until each connection has been idle for 2.5 s. Nothing is lost but time, and time is what a grace "
            + "period runs out of.",
        mend: "Say Connection: close in every answer once the shutdown has begun, and close idle connections yourself.",
        verdict: "GRACEFUL-BUT-SLOW",
        fault: Behaviour {
            $0.announcement = .nothing
            $0.idle = .waitedFor
        })

    public static let slowPeers = Scenario(
        "slow-peers", .connections, "one client that stalls holds the whole shutdown up",
        press: "Press t, which sends SIGTERM. A half-sent request and a slow reader are always there.",
        watch: "All lanes end, that of the slow reader last, and the server is still there. One client sent half a "
            + "request and never the rest. The server waits for it until the grace period is over and SIGKILL comes.",
        why: "A request is in flight from its first byte until the client has taken the last byte of the answer. Both "
            + "ends are in the client's hand. A wait without a limit gives the slowest client the power over a deploy.",
        mend: "Give each peer a limit: one that sends nothing for a second while the server leaves gets 408, one that "
            + "takes nothing is closed. Limit the drain as a whole besides.",
        verdict: "FORCE-KILLED",
        fault: Behaviour { $0.drain = .unlimited },
        cure: Behaviour { $0.drain = .limitedForEachPeer })

    public static let websocketHold = Scenario(
        "websocket-hold", .connections, "nobody tells the WebSockets, and the server waits for them",
        press: "Press t, which sends SIGTERM. Three WebSockets are open.",
        watch: "All requests are answered, and the process stays. The WebSockets know nothing of the shutdown, so "
            + "none of them leaves. The grace period ends it.",
        why: "A WebSocket is a connection without an end. It is no request any more, so the drain of the HTTP server "
            + "does not see it, and most frameworks do not close it for you.",
        mend: "Send each a Close frame with code 1001 (going away), wait a second or two for its answer, then close. "
            + "Refuse new upgrades meanwhile.",
        verdict: "FORCE-KILLED",
        fault: Behaviour {
            $0.drain = .unlimited
            $0.websockets = .waitedFor
        })

    public static let rstEatsResponse = Scenario(
        "rst-eats-response", .connections, "a close with unread input destroys an answer already sent",
        press: "Press t, which sends SIGTERM. Some clients read slowly and send one more request by themselves.",
        watch: "The server has written the whole answer and says so. The client gets a part of it, and then a reset.",
        why: "When a socket is closed while bytes that came in are still unread, the kernel sends a reset instead of "
            + "an orderly end. A reset throws away what the client has not yet received. RFC 9112, section 9.6, warns "
            + "of it.",
        mend: "Close your own half first (shutdown(2) for writing), read and throw away what still comes, and close "
            + "when the client has closed, or after a limit.",
        verdict: "DROPPED",
        fault: Behaviour { $0.closing = .outright })
}
