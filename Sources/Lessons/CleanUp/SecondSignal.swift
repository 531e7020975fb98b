internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A second signal that starts the clean-up once more.
    package static let secondSignal = Scenario(
        "second-signal", .cleanUp, "an impatient second SIGTERM runs the clean-up a second time",
        press: "Press t, which sends SIGTERM, and t once more while the server drains.",
        watch: "At the second signal a clean-up begins beside the first one. The ledger is closed while payments "
            + "still need it: they get a 503. When the first clean-up gets there, its resources are gone.",
        why: "A handler that simply calls the clean-up does so each time it is called. Orchestrators repeat signals, "
            + "and people press Ctrl+C twice.",
        mend: "Let the first signal begin the one shutdown. A second one either changes nothing, as here, or ends the "
            + "waiting, as in polite, but it never starts anything.",
        broken: Server(
            Behaviour { $0.secondSignal = .cleansUpAgain },
            verdict: Expectation(.wrongOrder, [.releasedInOrder], mayFail: .disorder, or: [.dropped]),
            explanations: [
                .serving: "This server's handler calls the clean-up, once for the first signal and once more for "
                    + "the second.",
                .leavingRotation: "A second signal starts the clean-up once more, beside the shutdown that is going "
                    + "on. It closes the ledger, whoever still needs it.",
                .leavingRotation(.ledgerClosed): "The second signal has started a clean-up that did not wait: the "
                    + "ledger is closed. Requests still come in, and payments among them are turned away.",
                .draining: "A second signal starts the clean-up once more, beside the first. It closes the ledger "
                    + "while payments in flight may still need it.",
                .draining(.ledgerClosed): "The second signal has started a second clean-up, and that one did not "
                    + "wait: the ledger is closed. A payment that is still in flight finds it closed and gets a 503.",
                .gone: "Two clean-ups ran beside each other. The second did not wait for what the first was waiting "
                    + "for, and closed the ledger under payments that were in flight.",
            ]),
        mended: Server(
            Behaviour { $0.secondSignal = .changesNothing },
            explanations: [
                .serving: "The first signal will begin the one shutdown. A second one changes nothing here.",
                .leavingRotation: "The shutdown has begun. A second signal is noted, and starts nothing.",
                .draining: "However often somebody sends the signal now, there is one shutdown, and it goes on.",
                .gone: "There was one shutdown, and it had the order of one.",
            ])
    ) { setup in
        // A person presses the key.
        if setup.pace == .checked { setup.sendInDrain(.terminate) }
        setup.lengthenPayments()
    }
}
