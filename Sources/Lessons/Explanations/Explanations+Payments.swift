/// What a client believes of its payment, and what the ledger holds.
extension Explanations {
    static let payments = [
        "charged-twice": Pair(
            broken: [
                "serving": "A payment is charged first and answered a little later. This server does not look at the "
                    + "Idempotency-Key, so a second try is a second payment to it.",
                "leaving rotation": "A client that gets no answer to a payment will try again. As long as everybody "
                    + "is answered, nobody has to: the fault needs a kill between charge and answer.",
                "draining": "The payments in flight are being answered. A SIGKILL now could leave some of them "
                    + "charged and not answered.",
                "gone": "The clients of these payments got no answer and tried again, which was right. The ledger "
                    + "now has two rows for one order.",
            ],
            mended: [
                "serving": "A payment is charged first and answered a little later. Its Idempotency-Key stands in "
                    + "the same row, and a second try finds it.",
                "leaving rotation": "Everybody is still answered. Should the process be killed before an answer, the "
                    + "key is in the ledger already.",
                "draining": "The payments in flight are being answered. A SIGKILL now could leave some of them "
                    + "charged and not answered, and a second try would charge nothing.",
                "gone": "No cure prevents the kill. But whoever tries a charged payment again gets the first answer "
                    + "once more, and the ledger keeps one row.",
            ]),
        "lost-payment": Pair(
            broken: [
                "serving": "Payments are answered from memory, and a task writes them down every 0.4 s. In between, "
                    + "a client has paid and the ledger does not know it.",
                "leaving rotation": "The task that writes payments down ended when the shutdown began. Payments are "
                    + "still answered, and none of them will be written.",
                "draining": "The task that writes payments down ended when the shutdown began. What waits in memory "
                    + "is promised to clients and will be forgotten.",
                "releasing ledger": "The ledger is closed in good order. The payments that it never heard of are not "
                    + "its fault.",
                "gone": "The clients whose payments are lost have their answer, so none of them will ask again.",
            ],
            mended: [
                "serving": "A payment is committed before it is answered. Its receipt is written as a job in the "
                    + "same transaction, so it can wait.",
                "leaving rotation": "Payments are still taken, and each is in the ledger before its client hears of "
                    + "it.",
                "draining": "Whatever the clients have been told is in the ledger already, whenever the process ends.",
                "gone": "Every answer was true when it was given. That is why no payment is lost.",
            ]),
    ]
}
