internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// An exit on the spot when the limit of the drain has passed.
    package static let fatalAtDeadline = Scenario(
        "fatal-at-deadline", .limits, "when the drain takes too long, it exits without any clean-up",
        press: "Press t, which sends SIGTERM. Some requests in flight outlast the drain.",
        watch: "At the drain's limit the process is gone with exit status 1. No resource below the listener is "
            + "released: the write-ahead log is left behind, and the end of the access log is missing.",
        why: "Many programs write: if the shutdown takes too long, log a fatal error. In Go, log.Fatalf calls "
            + "os.Exit(1): no deferred function runs. The worst moment gets the least care.",
        mend: "At the limit, cut what is left and name it, then release everything in order as always. Leave time for "
            + "it inside the grace period.",
        broken: Server(
            Behaviour { $0.deadline = .exits },
            verdict: Expectation(.dropped, .gone.union([.notForced, .exitStatus]), mayFail: .followsKill),
            explanations: [
                .serving: "Some requests here take longer than the server's limit for its drain. When that limit "
                    + "passes, this server will exit on the spot.",
                .draining: "If a request is still in flight at the limit, the process exits with status 1. No "
                    + "resource below the listener is then released.",
                .gone: "An exit on the spot runs nothing that was left to do: no checkpoint of the ledger, no flush "
                    + "of the log.",
            ]),
        mended: Server(
            explanations: [
                .serving: "The limit of the drain is longer than the requests here. If it passes all the same, this "
                    + "server cuts what is left, names it, and releases everything in order.",
                .draining: "At the limit, what is left would be cut and named. The ledger and the log would still "
                    + "be released in order.",
                .gone: "The limit was longer than the work, so it cut nobody. It is still there for the day when "
                    + "the work is longer.",
            ])
    ) { setup in
        // The broken server's drain is shorter than the requests, that of the mended one is longer.
        guard !setup.isMended else { return }
        if setup.pace == .checked {
            setup.shortenLead()
            // Whatever is in flight at the signal still is when the limit passes, however late the balancer notices.
            setup.setReports(4...5)
        }
        setup.limitDrain(checked: .seconds(0.4), watched: .seconds(2))
    }
}
