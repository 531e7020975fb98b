/// How to mend what a rule found, whatever the server is made with; what its framework calls it is told beside it.
extension RuleName {
    /// What to do about it, one or two sentences; empty where nothing is to be done.
    package var advice: String {
        switch self {
        case .readinessFirst:
            "Answer the readiness check with 503 first and go on serving until the balancer has noticed. Kubernetes: a preStop "
                + "sleep longer than periodSeconds × failureThreshold."
        case .inFlightAnswered:
            "Wait for the requests in flight before the process ends, under a limit."
        case .lateAnswered:
            "A connection that was accepted is owed an answer: take what waits in the accept queue before the listener closes, "
                + "and answer it. Send Connection: close with the last answers, so that clients do not begin another request on "
                + "a connection that is about to go."
        case .noServerErrors:
            "Handlers were given up, or lost what they need, while they still ran: let each end by itself, and answer those that "
                + "came too late with 503. Close the database, the queue and the caches only after the last request has ended."
        case .noneRefused:
            "Go on accepting until nobody sends anybody any more. Fail readiness, wait for the balancer (Kubernetes: preStop "
                + "sleep 5), and only then close the listener. Without a balancer in front, new connections are always refused "
                + "at the end: then start the successor first, on the same port with SO_REUSEPORT or a passed socket."
        case .webSocketsTold:
            "Send each WebSocket Close 1001, wait for the echo under a timer, then close."
        case .jobsSettled:
            "Stop fetching jobs at the signal, finish the one that runs, or give it back to the queue before the database closes. "
                + "Acknowledge a job only once it is done."
        case .releasedInOrder, .notForced, .leftByItself, .leftPromptly, .exitStatus, .noPaymentLost, .noPaymentTwice,
            .noPaymentInDoubt, .databaseClosed, .databaseUnused, .logComplete, .portFree, .nothingLeft,
            .deployLostNothing, .traceComplete:
            adviceOnLeaving
        }
    }

    /// The same for the rules about the release, the exit and what is left.
    private var adviceOnLeaving: String {
        switch self {
        case .releasedInOrder:
            "Release in the reverse order of acquisition, each when nothing above it needs it any more."
        case .notForced:
            "A limit ran out. Make it longer than the longest request, and all limits together shorter than the grace period."
        case .leftByItself:
            "The process has to end by itself within the grace period: catch the signal (and not only in a parent that does not "
                + "pass it on), give the drain a limit, and close what is left when it is over. Docker: exec form of CMD, or "
                + "--init. Shell scripts: exec the server. Kubernetes: terminationGracePeriodSeconds above all limits together."
        case .leftPromptly:
            "Something was waited for that nobody needed: idle keep-alive connections, a polling loop, a fixed sleep."
        case .exitStatus:
            "Exit with 0 after a clean shutdown."
        case .noPaymentLost:
            "Commit before you answer; what may be done later is written as a job in the same transaction."
        case .noPaymentTwice:
            "Keep the idempotency key in the row, unique, and look for it in the transaction that charges."
        case .noPaymentInDoubt:
            "Answer every request whose work is committed; and take an idempotency key, so that asking again is safe."
        case .databaseClosed: "Close the database, after everything that uses it and before the log."
        case .databaseUnused:
            "Stop whatever uses the database before it closes: requests first, then workers, then the database."
        case .logComplete:
            "Flush the log last, and do not leave by _exit, kill or a trap: none of them empties a buffer."
        case .portFree:
            "Somebody still has the listening socket: open it close-on-exec (SOCK_CLOEXEC), and end the helpers that inherited it."
        case .nothingLeft:
            "End and wait for every process that you started, or start them in a group that the supervisor ends: systemd "
                + "KillMode=mixed, a container with an init, exec in shell scripts."
        case .deployLostNothing:
            "Look at the rules above: in a deploy each of them costs the requests of somebody."
        default: ""
        }
    }
}

extension Verdict {
    /// The rules that did not hold and have advice, the most important first: what the others follow from.
    package var mending: [Rule] {
        let order: [RuleName] = [
            .leftByItself, .inFlightAnswered, .noServerErrors, .lateAnswered, .nothingLeft, .portFree, .readinessFirst,
            .noneRefused, .webSocketsTold, .noPaymentTwice, .noPaymentLost, .noPaymentInDoubt, .releasedInOrder,
            .databaseUnused, .databaseClosed, .jobsSettled, .logComplete, .notForced, .exitStatus, .leftPromptly,
            .deployLostNothing,
        ]
        return order.compactMap { self[$0] }.filter { $0.advice != nil }
    }
}
