internal import DemoServer
internal import ShutdownBoard
internal import ShutdownTrace

extension Scenario {
    /// Payments that are acknowledged before they are committed.
    package static let lostPayment = Scenario(
        "lost-payment", .payments, "answered 201 from memory, written down later, or never",
        press: "Press t, which sends SIGTERM.",
        watch: "Clients are told that they have paid. After the exit their payments are not in the ledger: the matrix "
            + "shows them in the cell \"paid, 0 rows\".",
        why: "To be fast, this server answers first and commits up to 0.4 s later in a background task. The shutdown "
            + "ends that task, and what waited in memory is forgotten. The clients have their answer and will not ask "
            + "again.",
        mend: "Commit before you answer. What may be done later (a receipt, a mail) is written as a job in the same "
            + "transaction, an outbox, so that it outlives the process.",
        broken: Server(
            Behaviour { $0.acknowledgement = .fromMemory },
            verdict: Expectation(.dropped, [.noPaymentLost]),
            explanations: [
                .serving: "Payments are answered from memory, and a task writes them down every 0.4 s. In between, "
                    + "a client has paid and the ledger does not know it.",
                .leavingRotation: "The task that writes payments down ended when the shutdown began. Payments are "
                    + "still answered, and none of them will be written.",
                .draining: "The task that writes payments down ended when the shutdown began. What waits in memory "
                    + "is promised to clients and will be forgotten.",
                .releasing(.ledger): "The ledger is closed in good order. The payments that it never heard of are not "
                    + "its fault.",
                .gone: "The clients whose payments are lost have their answer, so none of them will ask again.",
            ]),
        mended: Server(
            explanations: [
                .serving: "A payment is committed before it is answered. Its receipt is written as a job in the "
                    + "same transaction, so it can wait.",
                .leavingRotation: "Payments are still taken, and each is in the ledger before its client hears of "
                    + "it.",
                .draining: "Whatever the clients have been told is in the ledger already, whenever the process ends.",
                .gone: "Every answer was true when it was given. That is why no payment is lost.",
            ])
    ) { $0.addPayments() }
}
