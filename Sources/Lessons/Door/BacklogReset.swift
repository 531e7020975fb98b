internal import DemoServer
internal import ShutdownBoard

extension Scenario {
    /// Clients that wait in the accept queue when the listener is closed.
    package static let backlogReset = Scenario(
        "backlog-reset", .door, "the listener is closed with clients still waiting in its queue",
        press: "Press t, which sends SIGTERM.",
        watch: "After the signal new clients still connect, but nobody answers them. When the drain is over, all of "
            + "them are reset in the same instant.",
        why: "The kernel completes connections by itself and keeps them in a queue until the server accepts them. To "
            + "the client such a connection looks open. close(2) on the listener resets every one that is still there.",
        mend: "Go on accepting until the balancer has noticed, then accept until the queue is empty (EAGAIN), then "
            + "close the listener.",
        broken: Server(
            Behaviour { $0.acceptQueue = .stopsAtTheSignal },
            verdict: Expectation(.dropped, [.lateAnswered], mayFail: [.readinessFirst, .noneRefused]),
            explanations: [
                .serving: "The kernel completes connections on its own and queues them until the server accepts "
                    + "them. At the signal this server stops accepting, and leaves its listener open.",
                .leavingRotation: "Nobody is accepted any more. A client that connects now gets through to the "
                    + "kernel's queue and believes that it is connected.",
                .draining: "The clients in the queue wait for a server that will not come. When the listener is "
                    + "closed after the drain, each of them is reset.",
                .gone: "Whoever still waited in the queue was reset at the close. These clients were connected and "
                    + "never seen by the server.",
            ]),
        mended: Server(
            explanations: [
                .serving: "At the signal this server goes on accepting until its lead is over. Then it empties the "
                    + "queue and closes the listener in the same breath.",
                .leavingRotation: "New connections are still accepted, so nobody waits in the queue for long.",
                .draining: "Those who were in the queue were accepted before the listener was closed, and they are "
                    + "answered like all others.",
                .gone: "The queue was empty when the listener closed, so the close hit nobody.",
            ]))
}
