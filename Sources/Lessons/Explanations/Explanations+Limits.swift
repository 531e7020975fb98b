/// Limits: the server's own, and those of whoever asked it to leave.
extension Explanations {
    static let limits = [
        "grace-mismatch": Pair(
            broken: [
                "serving": "This server's code is the polite one. What may be wrong is outside: the supervisor's "
                    + "grace period, after which SIGKILL comes.",
                "leaving rotation": "The supervisor's clock runs since the signal, and the lead is spent from it too.",
                "draining": "Compare the two bars: the server's own limit for the drain, and the grace period. "
                    + "Whichever ends first decides.",
                "gone": "All that should have come after the SIGKILL is in the code, and none of it ran. Limits that "
                    + "do not fit inside the grace period are not limits.",
            ],
            mended: [
                "serving": "This server's code is the same. The supervisor's grace period is longer than all of the "
                    + "server's limits together, unless you move the slider.",
                "leaving rotation": "The lead is spent from the grace period too, and it was counted in.",
                "draining": "If the drain takes all of its limit, workers, ledger and log still fit into the grace "
                    + "period, unless you made that shorter.",
                "gone": "The server left before the supervisor lost its patience. Nothing but a number had to change.",
            ]),
        "fatal-at-deadline": Pair(
            broken: [
                "serving": "Some requests here take longer than the server's limit for its drain. When that limit "
                    + "passes, this server will exit on the spot.",
                "draining": "If a request is still in flight at the limit, the process exits with status 1. No "
                    + "resource below the listener is then released.",
                "gone": "An exit on the spot runs nothing that was left to do: no checkpoint of the ledger, no flush "
                    + "of the log.",
            ],
            mended: [
                "serving": "The limit of the drain is longer than the requests here. If it passes all the same, this "
                    + "server cuts what is left, names it, and releases everything in order.",
                "draining": "At the limit, what is left would be cut and named. The ledger and the log would still "
                    + "be released in order.",
                "gone": "The limit was longer than the work, so it cut nobody. It is still there for the day when "
                    + "the work is longer.",
            ]),
        "stopped": Pair(
            broken: [
                "serving": "This server counts the limit of its drain on a clock that runs on while the process is "
                    + "stopped.",
                "draining": "SIGSTOP during the drain stops the work but not the clock. After SIGCONT the limit may "
                    + "be over, although the server had no time to work.",
                "draining, frozen": "The reports stand still half done, and the clock of the limit runs. Wait until "
                    + "the limit is over, then send CONT: press s and choose it.",
                "gone": "Time in which a process stands still is counted as time to work here. What needs only a "
                    + "little longer is cut then.",
            ],
            mended: [
                "serving": "This server counts the limit of its drain in short ticks of its own running time.",
                "draining": "Time in which the process is stopped does not count against the limit. The supervisor's "
                    + "grace period runs on all the same.",
                "draining, frozen": "The reports stand still half done, and so does the limit, which counts running "
                    + "time only. Send CONT, and the work goes on with what was left of it.",
                "gone": "A pause costs this server one short tick of its limit, not the whole pause.",
            ]),
    ]
}
