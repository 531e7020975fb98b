internal import ShutdownTrace

/// How to mend what this run shows: the cause that was seen, the rule, and what the server's framework calls it.
extension Judge {
    /// What to do about a rule that did not hold; nil where it held, or where another rule says all there is to say.
    func advice(on rule: RuleName, _ word: Verdict.Word) -> String? {
        let (general, topic) = general(rule, word)
        guard !general.isEmpty else { return nil }
        let cause = isTimerRule(rule, word) ? timerCause.map { $0 + " " } : nil
        return (cause ?? "") + general + (topic.flatMap(inFramework) ?? "")
    }

    private func general(_ rule: RuleName, _ word: Verdict.Word) -> (String, Framework.Topic?) {
        switch (rule, word) {
        case (.leftByItself, .unhandled) where !board.isTraced && !isStopCaught: (handlerAdvice, .handler)
        case (.leftByItself, .crashed): (crashAdvice, nil)
        case (.leftByItself, .dropped) where isStopCaught: ("", nil)
        case (.leftByItself, .forceKilled) where isHeldByIdle: (idleAdvice, .idle)
        case (.leftByItself, .forceKilled) where isStopCaught: (limitAdvice, .deadline)
        case (.exitStatus, .unhandled), (.exitStatus, .crashed): ("", nil)
        case (.exitStatus, _) where isKilledByOthers:
            (
                "This run did not send SIGKILL: look for the out-of-memory killer (dmesg, memory.events of the cgroup).",
                nil
            )
        case (.inFlightAnswered, .dropped) where isQueueLost: (queueAdvice, .queue)
        case (.deployLostNothing, _) where gap != nil: (gapRemedy, nil)
        default: (paymentAdvice(on: rule), rule.topic)
        }
    }

    /// Where the server's framework is known: what it calls that.
    private func inFramework(_ topic: Framework.Topic) -> String? {
        guard let framework = framework?.framework, let text = framework.advice(on: topic) else { return nil }
        return " \(framework.name): \(text)"
    }

    private var isKilledByOthers: Bool {
        guard case .signaled(.kill, _)? = board.process.exit?.status else { return false }
        return !board.signals.sent.contains { $0.signal == .kill }
    }

    /// The cause is told with the requests that it cost, or else with the status.
    private func isTimerRule(_ rule: RuleName, _ word: Verdict.Word) -> Bool {
        word == .dropped ? rule == .inFlightAnswered : rule == .exitStatus
    }

    /// A status that is no success at a round time after the signal: a timer of the server's own ended it.
    private var timerCause: String? {
        guard !board.isTraced, let signal = board.stopSignal, let exit = board.process.exit,
            case .exited(let code) = exit.status, code != 0
        else { return nil }
        let took = exit.at - signal.at
        let half = (took.seconds * 2).rounded(.down) / 2
        guard half > 0, took.seconds - half < 0.08 else { return nil }
        return
            "It exited with \(code), \(Time.seconds(half).words) after \(signal.signal.name), as a timer of its own does: make it "
            + "longer than the longest request, and clear it when the drain is over."
    }

    private var isStopCaught: Bool { board.stopSignal.map { board.signals.prediction(for: $0.signal) } == .caught }

    /// Whether it answered everybody, and then had connections to which it owed nothing, and no thread that slept.
    private var isHeldByIdle: Bool {
        guard !board.isTraced, isStopCaught, wholeAtSignal == board.requests.owed, !isAsleep else { return false }
        return board.listener.held.values.contains { $0.endings[.open] != nil }
            || board.family.blockers.values.contains { $0.cause == .connection(.quiet) }
    }

    /// Whether its first thread waits for time to pass.
    private var isAsleep: Bool { board.family.blockers.values.contains(where: \.cause.isSleep) }

    private var handlerAdvice: String {
        let hint = board.stopSignal.map { otherHandlers(than: $0.signal) } ?? ""
        return hint
            + "To leave by itself it has to catch the signal, in the server's own process. Docker: a process with pid 1 has no "
            + "default action, and a shell form of CMD does not pass it on: exec, or --init."
    }

    /// Signals that end servers, for which this one has a handler.
    private func otherHandlers(than signal: Signal) -> String {
        let usual: [Signal] = [.quit, .user1, .user2, .windowChange, .interrupt, .terminate, .hangup]
        let caught = usual.filter { $0 != signal && board.signals.prediction(for: $0) == .caught }
        guard let first = caught.first else { return "" }
        let names = caught.map(\.name).joined(separator: " and ")
        return "It catches \(names): try --signal \(first.shortName), or --signal all. "
    }

    private var crashAdvice: String {
        guard case .signaled(let signal, _)? = board.process.exit?.status else { return "" }
        return
            "It crashed by \(signal.name), which nobody sent: look at its last lines, and at the core (coredumpctl info, or "
            + "ulimit -c unlimited and /proc/sys/kernel/core_pattern). In a clean-up that is mostly something freed which a "
            + "thread still uses, or an assertion: end and join the threads first."
    }

    private var idleAdvice: String {
        "It caught the signal and answered everybody, and then waited for connections on which nothing was under way: close "
            + "those when the drain begins, and each that becomes idle in it. Send Connection: close with the answers from the "
            + "signal on, and give the drain a limit, after which what is left is closed."
    }

    private var limitAdvice: String {
        "It caught the signal and did not come to its end: see above what it still had. "
            + (isAsleep ? "Its first thread sleeps, for a fixed time or to poll: look there first. " : "")
            + "Give the drain a deadline that ends "
            + "before the grace period, close what is left when it is over, and wait for no thread or helper without a limit. "
            + "Kubernetes: terminationGracePeriodSeconds above all limits together; systemd: TimeoutStopSec."
    }

    private var queueAdvice: String {
        "The requests that were lost waited in the accept queue: no time-out of the drain helps, as the server had not taken "
            + "them. Take connections as they come: more workers or threads, and leave the balancer first (fail readiness, or a preStop sleep), so that the queue is empty when the "
            + "signal comes."
    }
}

extension RuleName {
    /// What a framework may have a name of its own for.
    fileprivate var topic: Framework.Topic? {
        switch self {
        case .readinessFirst: .readiness
        case .inFlightAnswered: .drain
        case .lateAnswered: .queue
        case .noServerErrors, .releasedInOrder, .databaseUnused: .order
        case .webSocketsTold: .webSockets
        case .notForced: .deadline
        case .leftByItself: .handler
        case .leftPromptly: .idle
        case .exitStatus: .exit
        case .noneRefused, .jobsSettled, .noPaymentLost, .noPaymentTwice, .noPaymentInDoubt, .databaseClosed,
            .logComplete, .portFree, .nothingLeft, .deployLostNothing, .traceComplete:
            nil
        }
    }
}
