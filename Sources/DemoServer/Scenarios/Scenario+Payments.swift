/// What a client believes of its payment, and what the ledger holds.
extension Scenario {
    static let payments = [chargedTwice, lostPayment]

    public static let chargedTwice = Scenario(
        "charged-twice", .payments, "charged, killed before the answer, tried again: charged twice",
        press: "Press K and then y, which sends SIGKILL, while the question says that a payment is charged and not "
            + "answered.",
        watch: "The payment is in the ledger, and the process dies before the answer is out. The server is started "
            + "again, the client tries again with the same order, and there are two rows for it.",
        why: "The client got no answer, so it cannot know whether it was charged. Trying again is right. But this "
            + "server does not look at the Idempotency-Key that says \"this is the same payment\".",
        mend: "Keep the key in the payment's row, unique, and look for it in the same transaction as the charge. The "
            + "second try then finds the first one and gets its answer again.",
        verdict: "DUPLICATED",
        fault: Behaviour { $0.keys = .ignored })

    public static let lostPayment = Scenario(
        "lost-payment", .payments, "answered 201 from memory, written down later, or never",
        press: "Press t, which sends SIGTERM.",
        watch: "Clients are told that they have paid. After the exit their payments are not in the ledger: the matrix "
            + "shows them in the cell \"paid, 0 rows\".",
        why: "To be fast, this server answers first and commits up to 0.4 s later in a background task. The shutdown "
            + "ends that task, and what waited in memory is forgotten. The clients have their answer and will not ask "
            + "again.",
        mend: "Commit before you answer. What may be done later (a receipt, a mail) is written as a job in the same "
            + "transaction, an outbox, so that it outlives the process.",
        verdict: "DROPPED",
        fault: Behaviour { $0.acknowledgement = .fromMemory })
}
