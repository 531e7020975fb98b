/// Connections that hold a drain up, and answers that are lost on their way out.
extension Explanations {
    static let connections = [
        "keepalive-linger": Pair(
            broken: [
                "serving": "Clients may keep connections open and hardly use them. This server will wait for each "
                    + "one until nothing has happened on it for 2.5 s.",
                "draining": "Idle connections count as work here. The answers do not say Connection: close, so a "
                    + "client has no reason to leave.",
                "draining, nothing in flight": "The last answer is out, and its client keeps the connection. The "
                    + "server waits until nothing has happened on it for 2.5 s.",
                "gone": "The time after the last answer was spent on connections on which nothing happened. Nobody "
                    + "was hurt, but a supervisor with less patience would have sent SIGKILL.",
            ],
            mended: [
                "serving": "Clients may keep connections open and hardly use them. This server will close the idle "
                    + "ones by itself when its drain begins.",
                "draining": "Idle connections were closed when the drain began. Only requests in flight and "
                    + "WebSockets are waited for.",
                "gone": "Nothing was waited for that had no work in it.",
            ]),
        "slow-peers": Pair(
            broken: [
                "serving": "One client sends half a request and never the rest, and another reads its answer slowly. "
                    + "This server sets no limit to its drain, so both can hold it as long as they like.",
                "draining": "A request counts from its first byte until its client has taken all of the answer. One "
                    + "client has sent only half of its request: nothing in this server gives up on it.",
                "draining, nothing in flight": "Every whole request is answered. One client has sent half a request "
                    + "and never the rest, and this server waits for it until the grace period is over.",
                "gone": "A wait without a limit is ended by somebody else. SIGKILL took what was left of the "
                    + "clean-up with it.",
            ],
            mended: [
                "serving": "One client sends half a request and never the rest. While this server drains, a peer "
                    + "that moves no byte for a second is given up.",
                "draining": "Half a request gets the answer 408 after a second without a byte. A reader that is slow "
                    + "but still takes bytes is waited for, up to the limit of the drain.",
                "gone": "The client that stalled cost a second, not the whole grace period.",
            ]),
        "websocket-hold": Pair(
            broken: [
                "serving": "Clients hold WebSockets open. This server tells them nothing when it leaves, and waits "
                    + "for them without a limit.",
                "draining": "Nobody tells the WebSockets that the server goes away, so they have no reason to close. "
                    + "They hold it until the grace period is over.",
                "gone": "This server waits for clients that do not know that they are waited for. SIGKILL ends such "
                    + "a wait, and all that should come after it.",
            ],
            mended: [
                "serving": "Clients hold WebSockets open. When its drain begins, this server sends each a Close "
                    + "frame with code 1001, which means going away.",
                "draining": "Each WebSocket was told 1001 and has two seconds to answer. Whoever does not answer is "
                    + "closed.",
                "gone": "A Close frame and a limit of two seconds were the whole cure.",
            ]),
        "rst-eats-response": Pair(
            broken: [
                "serving": "Some clients read a big answer slowly, and will send one more request after the signal. "
                    + "After its last answer this server closes a connection at once, whatever has come in unread.",
                "draining": "The server has stopped reading, and answers may still be on their way out. A close with "
                    + "unread bytes makes the kernel send a reset, which throws away what the client has not "
                    + "received.",
                "gone": "The server counts these answers as sent. Only the clients know that the end is missing.",
            ],
            mended: [
                "serving": "Some clients read a big answer slowly, and will send one more request after the signal. "
                    + "This server closes in two steps, so that the answer survives.",
                "draining": "After its last answer a connection is closed for writing only. What still comes in is "
                    + "read and thrown away until the client closes too.",
                "gone": "The clients got the whole answer, because nothing unread was left when the sockets were "
                    + "closed.",
            ]),
    ]
}
