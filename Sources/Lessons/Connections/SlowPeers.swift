import Clients
internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// Clients that send and take their bytes as slowly as they like.
    package static let slowPeers = Scenario(
        "slow-peers", .connections, "one client that stalls holds the whole shutdown up",
        press: "Press t, which sends SIGTERM. A half-sent request and a slow reader are always there.",
        watch: "All lanes end, that of the slow reader last, and the server is still there. One client sent half a "
            + "request and never the rest. The server waits for it until the grace period is over and SIGKILL comes.",
        why: "A request is in flight from its first byte until the client has taken the last byte of the answer. Both "
            + "ends are in the client's hand. A wait without a limit gives the slowest client the power over a deploy.",
        mend: "Give each peer a limit: one that sends nothing for a second while the server leaves gets 408, one that "
            + "takes nothing is closed. Limit the drain as a whole besides.",
        broken: Server(
            Behaviour { $0.drain = .unlimited },
            verdict: Expectation(.forceKilled, .killed, mayFail: .followsKill),
            explanations: [
                .serving: "One client sends half a request and never the rest, and another reads its answer slowly. "
                    + "This server sets no limit to its drain, so both can hold it as long as they like.",
                .draining: "A request counts from its first byte until its client has taken all of the answer. One "
                    + "client has sent only half of its request: nothing in this server gives up on it.",
                .draining(.nothingInFlight): "Every whole request is answered. One client has sent half a request "
                    + "and never the rest, and this server waits for it until the grace period is over.",
                .gone: "A wait without a limit is ended by somebody else. SIGKILL took what was left of the "
                    + "clean-up with it.",
            ]),
        mended: Server(
            Behaviour { $0.drain = .limitedForEachPeer },
            explanations: [
                .serving: "One client sends half a request and never the rest. While this server drains, a peer "
                    + "that moves no byte for a second is given up.",
                .draining: "Half a request gets the answer 408 after a second without a byte. A reader that is slow "
                    + "but still takes bytes is waited for, up to the limit of the drain.",
                .gone: "The client that stalled cost a second, not the whole grace period.",
            ])
    ) { setup in
        // A client that never sends the rest of its request, beside one that reads slowly.
        setup.workload.halfSent = 1
        setup.limitGrace(checked: .seconds(4), watched: .seconds(15))
    }
}
