internal import ShutdownTrace

/// How to mend what this run shows, where that is more than the broken rule alone says.
///
/// The facts are from Node's lib/_http_server.js, Python's socketserver.py and http/server.py, waitress server.py
/// (`run` takes SystemExit for a wish to finish), gunicorn workers/sync.py and gthread.py, hypercorn asyncio/run.py, and
/// core(5).
extension Judge {
    /// What to do about a rule that did not hold; nil where it held, or where another rule says all there is to say.
    func advice(on rule: RuleName, _ word: Verdict.Word) -> String? {
        let advice =
            switch (rule, word) {
            case (.leftByItself, .unhandled) where !board.isTraced && !isStopCaught: handlerAdvice
            case (.leftByItself, .crashed): crashAdvice
            case (.leftByItself, .forceKilled) where isHeldByIdle: idleAdvice
            case (.leftByItself, .forceKilled) where isStopCaught: limitAdvice
            case (.exitStatus, .unhandled), (.exitStatus, .crashed): ""
            case (.inFlightAnswered, .dropped) where isQueueLost: queueAdvice
            case (.deployLostNothing, _) where gap != nil: gapRemedy
            default: paymentAdvice(on: rule)
            }
        return advice.isEmpty ? nil : advice
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
            + "To leave by itself it has to catch the signal, in the server's own process. Python: signal.signal("
            + "signal.SIGTERM, lambda *_: sys.exit(0)) in the main thread, which waitress takes for a wish to finish; Flask's own "
            + "server does not drain, so put waitress, gunicorn or uvicorn in front. Node: process.on('SIGTERM', …). Go: "
            + "signal.NotifyContext. Docker: a process with pid 1 has no default action, and a shell form of CMD does not pass it "
            + "on: exec, or --init."
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
            + "thread still uses, or an assertion: end and join the threads first. Python: -X faulthandler prints where."
    }

    private var idleAdvice: String {
        "It caught the signal and answered everybody, and then waited for connections on which nothing was under way: close "
            + "those when the drain begins, and each that becomes idle in it. Node: server.closeIdleConnections() again and again "
            + "until the callback of server.close(), as close() itself ends only those that are idle at that moment. Python: "
            + "server_close() of ThreadingMixIn joins the thread of each connection, so give the handler class a timeout. "
            + "gunicorn gthread and Jetty: a keep-alive time-out below the grace period. In any language: answers with "
            + "Connection: close from the signal on, and a limit on the drain, after which what is left is closed."
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
            + "them. Take connections as they come: more workers or threads (gunicorn: --workers, or --worker-class gthread "
            + "--threads), and leave the balancer first (fail readiness, or a preStop sleep), so that the queue is empty when the "
            + "signal comes."
    }
}
