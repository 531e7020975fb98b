/// How the door closes on new requests.
extension Explanations {
    static let door = [
        "lb-lag": Pair(
            broken: [
                "serving": "This server closes its door when its lead is over, and its lead is 0 s unless you move "
                    + "the slider. The balancer needs some failed probes to notice; how long, the lag says.",
                "draining": "The balancer learns of the closed door only from its own probes. Until it has noticed, "
                    + "each new request that it sends here is refused.",
                "gone": "The people who were refused had done nothing wrong: the balancer sent them. Make the lead "
                    + "longer than the lag, and they are served.",
            ],
            mended: [
                "serving": "At the signal this server fails its readiness check first, and closes its door only when "
                    + "the lead is over. Move the lead below the lag to break it again.",
                "leaving rotation": "The probes fail now, and the door is still open. Whoever the balancer sends in "
                    + "the meantime is served.",
                "draining": "The lead is over and the door is closed. If the lead was longer than the lag, nobody is "
                    + "sent here any more.",
                "gone": "The balancer had noticed in time. The lead costs every deploy a little time, and no request.",
            ]),
        "backlog-reset": Pair(
            broken: [
                "serving": "The kernel completes connections on its own and queues them until the server accepts "
                    + "them. At the signal this server stops accepting, and leaves its listener open.",
                "leaving rotation": "Nobody is accepted any more. A client that connects now gets through to the "
                    + "kernel's queue and believes that it is connected.",
                "draining": "The clients in the queue wait for a server that will not come. When the listener is "
                    + "closed after the drain, each of them is reset.",
                "gone": "Whoever still waited in the queue was reset at the close. These clients were connected and "
                    + "never seen by the server.",
            ],
            mended: [
                "serving": "At the signal this server goes on accepting until its lead is over. Then it empties the "
                    + "queue and closes the listener in the same breath.",
                "leaving rotation": "New connections are still accepted, so nobody waits in the queue for long.",
                "draining": "Those who were in the queue were accepted before the listener was closed, and they are "
                    + "answered like all others.",
                "gone": "The queue was empty when the listener closed, so the close hit nobody.",
            ]),
        "idle-race": Pair(
            broken: [
                "serving": "Many connections are idle, and each may be used again at any moment. At the signal this "
                    + "server closes them at once, and no answer before that says Connection: close.",
                "draining": "The idle connections are being closed. A request that is on its way at that instant "
                    + "gets no answer, and its client cannot know whether it was carried out.",
                "gone": "Close and request passed each other on the wire. Only a client that knows that its request "
                    + "may be repeated can safely send it again.",
            ],
            mended: [
                "serving": "At the signal this server goes on serving for its lead. Each answer then says "
                    + "Connection: close, so the clients do not use the connection again.",
                "leaving rotation": "A request on an idle connection is still answered, and the answer ends the "
                    + "connection in agreement. So fewer are left for the server to close.",
                "draining": "Idle connections are closed now. Those that were used during the lead have already left "
                    + "by agreement.",
                "gone": "Connection: close, sent early enough, is the only goodbye that HTTP/1.1 has for a connection.",
            ]),
    ]
}
