internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// The ledger that is closed before the workers that need it.
    package static let wrongOrder = Scenario(
        "wrong-order", .cleanUp, "the database is closed before the workers that write to it",
        press: "Press t, which sends SIGTERM. There is always a job running.",
        watch: "The release stack is out of order: the ledger goes before the workers. A job that finishes a moment "
            + "later cannot write its result and is abandoned.",
        why: "The steps are written down in the order in which people think of them: database, workers, logs. Each "
            + "step works, but the workers still needed the database when it was closed.",
        mend: "Release in the reverse order of acquisition: what was acquired last goes first. Workers before the "
            + "database, the log last of all.",
        broken: Server(
            Behaviour { $0.release = .ledgerFirst },
            verdict: Expectation(
                .dropped, [.releasedInOrder], mayFail: [.databaseUnused, .jobsSettled], or: [.wrongOrder]),
            explanations: [
                .serving: "This server's clean-up closes the ledger before the workers that write to it. As long as "
                    + "it serves, nobody notices.",
                .draining: "The workers go on fetching jobs: nobody has told them to stop. The ledger is next in "
                    + "this server's list, and they still need it.",
                .releasing(.ledger): "It is the ledger's turn, and the workers have not been told to stop. A job that "
                    + "ends after the close cannot write its result.",
                .releasing(.workers): "The workers come after the ledger in this server's list. What a job has to "
                    + "write now is lost.",
                .gone: "Each step worked, only the order was wrong. A job that could not write its result was done, "
                    + "and nobody will ever know.",
            ]),
        mended: Server(
            explanations: [
                .serving: "This server's clean-up is the reverse of its start: workers before the ledger, the log "
                    + "last.",
                .draining: "The workers fetch no new job since the signal. They will be waited for before the "
                    + "ledger goes.",
                .releasing(.workers): "The workers go before the ledger, so a job that ends now can still write its "
                    + "result.",
                .releasing(.ledger): "The workers were released before it, so nobody needs the ledger any more.",
                .gone: "The same steps in another order, and nothing was lost.",
            ])
    ) { $0.keepWorkersBusy() }
}
