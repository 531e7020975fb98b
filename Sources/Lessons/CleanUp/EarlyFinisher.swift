internal import DemoServer
internal import ShutdownBoard

extension Scenario {
    /// A service that returns before its turn, which its group takes for a failure.
    package static let earlyFinisher = Scenario(
        "early-finisher", .cleanUp, "one service returns at the signal, and all others are cancelled",
        press: "Press t, which sends SIGTERM.",
        watch: "At the signal all resources are released together: the ledger is closed while jobs and requests still "
            + "use it, and they fail. The drain is still going on at the listener.",
        why: "A service group (here swift-service-lifecycle) takes a service that returns by itself for a failure, "
            + "also during a shutdown, and cancels all others at once. Here the scheduler had nothing left to do and "
            + "returned.",
        mend: "A service stays in run() until its own turn to shut down has come, even when its work is done.",
        broken: Server(
            Behaviour { $0.release = .earlyFinisher },
            verdict: Expectation(.dropped, [.releasedInOrder], mayFail: .disorder, or: [.refusedWork, .wrongOrder]),
            explanations: [
                .serving: "The resources are services of one group. At the signal the scheduler's service has "
                    + "nothing left to do and returns, and the group takes that for a failure.",
                .leavingRotation: "The scheduler's service has returned, so the group cancels all others. Each of "
                    + "them lets go of its resource at once, whoever still needs it.",
                .draining: "Requests are still in flight, and the ledger is not kept open for them: the group has "
                    + "cancelled all services together. Whoever needs the ledger now fails.",
                .gone: "One service that returned a little early took the order of all others with it. The jobs that "
                    + "were running could not write their results.",
            ]),
        mended: Server(
            explanations: [
                .serving: "Each service stays until its own turn has come, even when it has nothing left to do.",
                .leavingRotation: "The scheduler has nothing to do any more, and its service does not return yet. "
                    + "So the group keeps the order.",
                .draining: "The ledger stays open, because its turn comes only when everything above it is released.",
                .gone: "The group saw each service return in its turn, and never had a reason to cancel the rest.",
            ])
    ) { $0.keepWorkersBusy() }
}
