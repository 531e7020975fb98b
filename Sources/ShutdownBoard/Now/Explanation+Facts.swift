internal import ShutdownTrace

/// What is true at a moment, in numbers and without a reason: a lesson adds the reasons.
extension Explainer {
    /// Sentences that are true of any server whose events look like this.
    ///
    /// - Returns: Sentences with blanks between them; never empty.
    package var facts: String {
        if let interruption = interruption { return interruption }
        switch board.phase {
        case .starting: return startFacts
        case .serving:
            let balancer = board.rotation.isIn ? ", and the balancer sends it new requests" : ""
            return "The server answers\(balancer). \(flight)"
        case .lead: return leadFacts
        case .draining: return turn ?? drainFacts
        case .releasing(let name): return releaseFacts(name)
        case .signalled, .exiting, .gone: return explanation()
        }
    }

    /// What stops everything else: the process is frozen, or somebody holds the server.
    var interruption: String? {
        guard !board.process.isGone else { return nil }
        if let frozen = board.process.frozenSince {
            return
                "The process was stopped \((now - frozen).words) ago by \(board.process.stopSignalName). It does nothing at all, and a TERM "
                + "that is sent now waits until SIGCONT; only SIGKILL works at once."
        }
        guard board.gate.isHeld else { return nil }
        return
            "Somebody holds the server here, before \(board.gate.boundary). Its own limits stand still and the grace "
            + "period is stretched, so there is time to look around. "
            + (board.waitedForCount > 0
                ? "The requests in flight are served all the while." : "No request is in flight any more.")
    }

    /// What changed the drain: a limit that has passed or is at risk, or an end by force.
    var turn: String? {
        if board.shutdown.deadlinePassedAt != nil {
            return
                "The drain's limit has passed, and what was still in flight was given up. Whoever waited for it gets "
                + "an error or a closed connection; a limit is worth having, but it has to be longer than the work."
        }
        if countdowns.contains(where: \.isAtRisk) {
            return "At least one request is not expected to be done before the limit, and what is unfinished then is "
                + "cut. A longer limit helps, as long as it still fits inside the grace period."
        }
        let why: String
        switch board.shutdown.forced?.cause {
        case nil: return nil
        case .secondSignal: why = "A second signal asked for haste"
        case .drainDeadline, .other: why = "The shutdown is forced (\(board.shutdown.forced?.cause.text ?? ""))"
        }
        return "\(why): what is in flight is given up now, and named. The resources are still to be released in order, "
            + "the log last."
    }

    private var startFacts: String {
        var parts = ["The server has not answered yet."]
        if case .starting(let since) = board.process.state {
            parts = ["The server was started \((now - since).words) ago and has not answered yet."]
        }
        let count = board.resources.stack.count
        parts.append(count == 0 ? "It has acquired nothing so far." : "It holds \(counted(count, "resource")) so far.")
        if board.isTraced {
            parts.append(
                board.shutdown.signalsArmedAt == nil
                    ? "Its signal handlers do not stand yet." : "Its signal handlers stand already.")
        }
        return parts.joined(separator: " ")
    }

    private var leadFacts: String {
        let balancer =
            board.rotation.isIn
            ? "the balancer still sends new requests here" + (board.rotation.failures > 0 ? ", after \(probes)" : "")
            : "the balancer sends nobody new"
        return "Readiness is down, and \(balancer). \(flight)"
    }

    private var probes: String {
        "\(board.rotation.failures)" + (board.rotation.threshold.map { " of \($0)" } ?? "") + " failed "
            + ((board.rotation.threshold ?? board.rotation.failures) == 1 ? "probe" : "probes")
    }

    private var drainFacts: String {
        let door =
            board.listener.closedAt == nil
            ? "The listener is still open" : "The listener is closed"
        let balancer = board.rotation.isIn ? ", and the balancer still sends requests here" : ""
        return "\(door)\(balancer). \(flight)"
    }

    private func releaseFacts(_ name: ResourceName) -> String {
        let isMany = name == .workers
        var text = "The \(name) \(isMany ? "are" : "is") next"
        if let since = board.resources[name]?.state.releasingSince {
            text = "The release of the \(name) has taken \(Countdown.whole(now - since)) so far"
        }
        let held = board.resources.stack.drop { $0.name != name }.dropFirst().filter(\.state.isHeld).map(
            \.name.rawValue)
        if !held.isEmpty { text += ", and what was acquired after it is still in use: \(held.joined(separator: ", "))" }
        return "\(text). \(flight)"
    }

    /// The work that is still waited for, and for how long.
    private var flight: String {
        let count = board.waitedForCount
        var text = count == 0 ? "No request is in flight" : "\(are(count, "request")) in flight"
        if board.stopSignal != nil,
            let oldest = board.requests.oldest(512).first(where: board.isWaitedFor)
        {
            text += ", the oldest, \(oldest.label), for \(Countdown.whole(oldest.age(at: now)))"
        }
        let others = [
            (board.websockets.open.count, "WebSocket", "open"), (board.jobs.running.count, "job", "running"),
            (board.stopSignal == nil ? 0 : board.listener.connections, "idle connection", "kept by clients"),
        ].filter { $0.0 > 0 }.map { "\(are($0.0, $0.1)) \($0.2)" }
        return others.isEmpty ? "\(text)." : "\(text); \(others.joined(separator: ", "))."
    }
}

extension Countdown {
    /// A time that grows, without the digits that would change while it is read.
    fileprivate static func whole(_ time: Time) -> String { time < .seconds(1) ? "less than 1 s" : "\(time.tenths) s" }
}

/// "1 job is", "2 jobs are".
func are(_ count: Int, _ noun: String) -> String { "\(counted(count, noun)) \(count == 1 ? "is" : "are")" }
