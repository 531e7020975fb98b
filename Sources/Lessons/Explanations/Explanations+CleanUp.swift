/// In which order resources are released, and how often.
extension Explanations {
    static let cleanUp = [
        "wrong-order": Pair(
            broken: [
                "serving": "This server's clean-up closes the ledger before the workers that write to it. As long as "
                    + "it serves, nobody notices.",
                "draining": "The workers go on fetching jobs: nobody has told them to stop. The ledger is next in "
                    + "this server's list, and they still need it.",
                "releasing ledger": "It is the ledger's turn, and the workers have not been told to stop. A job that "
                    + "ends after the close cannot write its result.",
                "releasing workers": "The workers come after the ledger in this server's list. What a job has to "
                    + "write now is lost.",
                "gone": "Each step worked, only the order was wrong. A job that could not write its result was done, "
                    + "and nobody will ever know.",
            ],
            mended: [
                "serving": "This server's clean-up is the reverse of its start: workers before the ledger, the log "
                    + "last.",
                "draining": "The workers fetch no new job since the signal. They will be waited for before the "
                    + "ledger goes.",
                "releasing workers": "The workers go before the ledger, so a job that ends now can still write its "
                    + "result.",
                "releasing ledger": "The workers were released before it, so nobody needs the ledger any more.",
                "gone": "The same steps in another order, and nothing was lost.",
            ]),
        "early-finisher": Pair(
            broken: [
                "serving": "The resources are services of one group. At the signal the scheduler's service has "
                    + "nothing left to do and returns, and the group takes that for a failure.",
                "leaving rotation": "The scheduler's service has returned, so the group cancels all others. Each of "
                    + "them lets go of its resource at once, whoever still needs it.",
                "draining": "Requests are still in flight, and the ledger is not kept open for them: the group has "
                    + "cancelled all services together. Whoever needs the ledger now fails.",
                "gone": "One service that returned a little early took the order of all others with it. The jobs that "
                    + "were running could not write their results.",
            ],
            mended: [
                "serving": "Each service stays until its own turn has come, even when it has nothing left to do.",
                "leaving rotation": "The scheduler has nothing to do any more, and its service does not return yet. "
                    + "So the group keeps the order.",
                "draining": "The ledger stays open, because its turn comes only when everything above it is released.",
                "gone": "The group saw each service return in its turn, and never had a reason to cancel the rest.",
            ]),
        "escalation-loses-order": Pair(
            broken: [
                "serving": "The resources are services of one group, which has one deadline of 0.5 s for all of "
                    + "them. Most requests in flight need longer than that.",
                "leaving rotation": "The order is kept for half a second. Then the group's deadline passes, and all "
                    + "services are cancelled in the same instant.",
                "draining": "The group's deadline is half a second after the signal. From then on nothing has a "
                    + "turn: the ledger is closed while jobs and requests still need it.",
                "gone": "The deadline was meant to hasten the shutdown. It took away the order instead: jobs that were "
                    + "running could not write their results.",
            ],
            mended: [
                "serving": "Each service has a limit of its own, and the group has none.",
                "leaving rotation": "No common deadline runs. Each resource gives up within its own limit, in its "
                    + "turn.",
                "draining": "If the requests take too long, the drain's own limit cuts them. The ledger's turn comes "
                    + "only after that.",
                "gone": "Limits inside the services can pass without disturbing the order.",
            ]),
        "second-signal": Pair(
            broken: [
                "serving": "This server's handler calls the clean-up, once for the first signal and once more for "
                    + "the second.",
                "leaving rotation": "A second signal starts the clean-up once more, beside the shutdown that is going "
                    + "on. It closes the ledger, whoever still needs it.",
                "leaving rotation, ledger closed": "The second signal has started a clean-up that did not wait: the "
                    + "ledger is closed. Requests still come in, and payments among them are turned away.",
                "draining": "A second signal starts the clean-up once more, beside the first. It closes the ledger "
                    + "while payments in flight may still need it.",
                "draining, ledger closed": "The second signal has started a second clean-up, and that one did not "
                    + "wait: the ledger is closed. A payment that is still in flight finds it closed and gets a 503.",
                "gone": "Two clean-ups ran beside each other. The second did not wait for what the first was waiting "
                    + "for, and closed the ledger under payments that were in flight.",
            ],
            mended: [
                "serving": "The first signal will begin the one shutdown. A second one changes nothing here.",
                "leaving rotation": "The shutdown has begun. A second signal is noted, and starts nothing.",
                "draining": "However often somebody sends the signal now, there is one shutdown, and it goes on.",
                "gone": "There was one shutdown, and it had the order of one.",
            ]),
        "double-shutdown": Pair(
            broken: [
                "serving": "This server can be asked to leave by a signal and by POST /shutdown. Each way has a "
                    + "clean-up of its own.",
                "leaving rotation": "The server was asked twice: by the signal, and by the POST /shutdown that a "
                    + "deploy tool sends just after it. Two clean-ups run, and the second one waits for no request.",
                "leaving rotation, ledger closed": "The POST /shutdown started a clean-up of its own, which has closed "
                    + "the ledger. The server is still in its lead, and payments are turned away.",
                "draining": "Two clean-ups run beside each other. The second does not wait for requests in flight "
                    + "before it closes the ledger.",
                "draining, ledger closed": "The second clean-up did not wait for the requests in flight: the ledger is "
                    + "closed, and a payment that still needs it gets a 503.",
                "gone": "Two ways to ask made two clean-ups. The second closed the ledger without waiting for the "
                    + "payments in flight.",
            ],
            mended: [
                "serving": "This server can be asked to leave by a signal and by POST /shutdown. Both ask for the "
                    + "same one shutdown.",
                "leaving rotation": "Whoever asks again, in whichever way, joins the shutdown that has begun.",
                "draining": "However many have asked, one shutdown waits for the requests in flight.",
                "gone": "Both ways led to one shutdown, so everything was released once.",
            ]),
    ]
}
