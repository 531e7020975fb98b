/// In which order things are released, and how often.
extension Scenario {
    static let cleanUp = [wrongOrder, earlyFinisher, escalationLosesOrder, secondSignal, doubleShutdown]

    public static let wrongOrder = Scenario(
        "wrong-order", .cleanUp, "the database is closed before the workers that write to it",
        press: "Press t, which sends SIGTERM. There is always a job running.",
        watch: "The release stack is out of order: the ledger goes before the workers. A job that finishes a moment "
            + "later cannot write its result and is abandoned.",
        why: "The steps are written down in the order in which people think of them: database, workers, logs. Each "
            + "step works, but the workers still needed the database when it was closed.",
        mend: "Release in the reverse order of acquisition: what was acquired last goes first. Workers before the "
            + "database, the log last of all.",
        verdict: "DROPPED",
        fault: Behaviour { $0.release = .ledgerFirst })

    public static let earlyFinisher = Scenario(
        "early-finisher", .cleanUp, "one service returns at the signal, and all others are cancelled",
        press: "Press t, which sends SIGTERM.",
        watch: "At the signal all resources are released together: the ledger is closed while jobs and requests still "
            + "use it, and they fail. The drain is still going on at the listener.",
        why: "A service group (here swift-service-lifecycle) takes a service that returns by itself for a failure, "
            + "also during a shutdown, and cancels all others at once. Here the scheduler had nothing left to do and "
            + "returned.",
        mend: "A service stays in run() until its own turn to shut down has come, even when its work is done.",
        verdict: "DROPPED",
        fault: Behaviour { $0.release = .earlyFinisher })

    public static let escalationLosesOrder = Scenario(
        "escalation-loses-order", .cleanUp, "one deadline for all services: at 0.5 s all are cancelled at once",
        press: "Press t, which sends SIGTERM. Most requests in flight take longer than 0.5 s.",
        watch: "For half a second the release goes in order. Then every resource is released at once, the ledger "
            + "among them: the jobs that run are abandoned, and payments that were in flight get a 503.",
        why: "The service group has one deadline for all services together. When it passes, the group cancels all of "
            + "them in the same instant, and the order that it kept so far is lost.",
        mend: "Put a limit inside each service, so that each one gives up in its own turn. Keep the group's deadline, "
            + "if any, as a last resort that never comes first.",
        verdict: "DROPPED",
        fault: Behaviour { $0.release = .groupDeadline })

    public static let secondSignal = Scenario(
        "second-signal", .cleanUp, "an impatient second SIGTERM runs the clean-up a second time",
        press: "Press t, which sends SIGTERM, and t once more while the server drains.",
        watch: "At the second signal a clean-up begins beside the first one. The ledger is closed while payments "
            + "still need it: they get a 503. When the first clean-up gets there, its resources are gone.",
        why: "A handler that simply calls the clean-up does so each time it is called. Orchestrators repeat signals, "
            + "and people press Ctrl+C twice.",
        mend: "Let the first signal begin the one shutdown. A second one either changes nothing, as here, or ends the "
            + "waiting, as in polite, but it never starts anything.",
        verdict: "WRONG-ORDER",
        fault: Behaviour { $0.secondSignal = .cleansUpAgain },
        cure: Behaviour { $0.secondSignal = .changesNothing })

    public static let doubleShutdown = Scenario(
        "double-shutdown", .cleanUp, "POST /shutdown and SIGTERM each run a clean-up of their own",
        press: "Press t, which sends SIGTERM. A client posts to /shutdown at the same time by itself.",
        watch: "Two clean-ups run beside each other. Resources are closed twice, and payments find the ledger closed: "
            + "they get a 503, which is a whole answer and not the one that they came for.",
        why: "There are two ways to ask this server to leave, and each was written with its own clean-up. A deploy "
            + "tool calls the route, the supervisor sends the signal a moment later.",
        mend: "However many ways there are to ask, they set off one shutdown, and whoever asks later joins it.",
        verdict: "WRONG-ORDER",
        fault: Behaviour { $0.stopRoute = .startsItsOwn },
        cure: Behaviour { $0.stopRoute = .joins })
}
