internal import DemoServer
internal import Experiment
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// A payment that is tried again after a SIGKILL.
    package static let chargedTwice = Scenario(
        "charged-twice", .payments, "charged, killed before the answer, tried again: charged twice",
        signal: .kill,
        press: "Press K and then y, which sends SIGKILL, while the question says that a payment is charged and not "
            + "answered.",
        watch: "The payment is in the ledger, and the process dies before the answer is out. The server is started "
            + "again, the client tries again with the same order, and there are two rows for it.",
        why: "The client got no answer, so it cannot know whether it was charged. Trying again is right. But this "
            + "server does not look at the Idempotency-Key that says \"this is the same payment\".",
        mend: "Keep the key in the payment's row, unique, and look for it in the same transaction as the charge. The "
            + "second try then finds the first one and gets its answer again.",
        broken: Server(
            Behaviour { $0.keys = .ignored },
            verdict: Expectation(.duplicated, .killed.union([.noPaymentTwice]), mayFail: .followsKill),
            explanations: [
                .serving: "A payment is charged first and answered a little later. This server does not look at the "
                    + "Idempotency-Key, so a second try is a second payment to it.",
                .leavingRotation: "A client that gets no answer to a payment will try again. As long as everybody "
                    + "is answered, nobody has to: the fault needs a kill between charge and answer.",
                .draining: "The payments in flight are being answered. A SIGKILL now could leave some of them "
                    + "charged and not answered.",
                .gone: "The clients of these payments got no answer and tried again, which was right. The ledger "
                    + "now has two rows for one order.",
            ]),
        mended: Server(
            verdict: Expectation(.forceKilled, .killed, mayFail: .followsKill),
            explanations: [
                .serving: "A payment is charged first and answered a little later. Its Idempotency-Key stands in "
                    + "the same row, and a second try finds it.",
                .leavingRotation: "Everybody is still answered. Should the process be killed before an answer, the "
                    + "key is in the ledger already.",
                .draining: "The payments in flight are being answered. A SIGKILL now could leave some of them "
                    + "charged and not answered, and a second try would charge nothing.",
                .gone: "No cure prevents the kill. But whoever tries a charged payment again gets the first answer "
                    + "once more, and the ledger keeps one row.",
            ])
    ) { setup in
        setup.addPayments()
        setup.replacement = .afterExit
        // So many that one is between its charge and its answer whenever somebody presses the key.
        if setup.pace == .watched { setup.addPayments() }
        setup.changeFirstSignal(when: .charged)
    }
}
