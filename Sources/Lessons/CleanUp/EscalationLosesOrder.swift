internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// One deadline for all services of a group, which cancels them in the same instant.
    package static let escalationLosesOrder = Scenario(
        "escalation-loses-order", .cleanUp, "one deadline for all services: at 0.5 s all are cancelled at once",
        press: "Press t, which sends SIGTERM. Most requests in flight take longer than 0.5 s.",
        watch: "For half a second the release goes in order. Then every resource is released at once, the ledger "
            + "among them: the jobs that run are abandoned, and payments that were in flight get a 503.",
        why: "The service group has one deadline for all services together. When it passes, the group cancels all of "
            + "them in the same instant, and the order that it kept so far is lost.",
        mend: "Put a limit inside each service, so that each one gives up in its own turn. Keep the group's deadline, "
            + "if any, as a last resort that never comes first.",
        broken: Server(
            Behaviour { $0.release = .groupDeadline },
            verdict: Expectation(.dropped, [.releasedInOrder], mayFail: .disorder, or: [.wrongOrder, .refusedWork]),
            explanations: [
                .serving: "The resources are services of one group, which has one deadline of 0.5 s for all of "
                    + "them. Most requests in flight need longer than that.",
                .leavingRotation: "The order is kept for half a second. Then the group's deadline passes, and all "
                    + "services are cancelled in the same instant.",
                .draining: "The group's deadline is half a second after the signal. From then on nothing has a "
                    + "turn: the ledger is closed while jobs and requests still need it.",
                .gone: "The deadline was meant to hasten the shutdown. It took away the order instead: jobs that were "
                    + "running could not write their results.",
            ]),
        mended: Server(
            explanations: [
                .serving: "Each service has a limit of its own, and the group has none.",
                .leavingRotation: "No common deadline runs. Each resource gives up within its own limit, in its "
                    + "turn.",
                .draining: "If the requests take too long, the drain's own limit cuts them. The ledger's turn comes "
                    + "only after that.",
                .gone: "Limits inside the services can pass without disturbing the order.",
            ])
    ) { setup in
        // The group's deadline comes half a second after the workers have fetched their last job.
        setup.keepWorkersBusy(checked: .seconds(3))
    }
}
