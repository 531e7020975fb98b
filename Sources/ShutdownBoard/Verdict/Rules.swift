internal import ShutdownTrace

/// How each rule is judged, from what the witnesses saw.
extension Board {
    func judge(_ name: RuleName) -> Verdict.Rule {
        let (held, evidence): (Bool?, String) =
            switch name {
            case .readinessFirst: readinessFirst
            case .inFlightAnswered: inFlightAnswered
            case .lateAnswered: lateAnswered
            case .noServerErrors: noServerErrors
            case .noneRefused: noneRefused
            case .webSocketsTold: webSocketsTold
            case .jobsSettled: jobsSettled
            case .releasedInOrder: releasedInOrder
            case .notForced: notForced
            case .leftByItself: leftByItself
            case .leftPromptly: leftPromptly
            case .exitStatus: exitStatusRule
            case .noPaymentLost: payments(\.lost, "lost")
            case .noPaymentTwice: payments(\.twice, "twice")
            case .noPaymentInDoubt: payments(\.ambiguous, "in doubt")
            case .databaseClosed: databaseClosed
            case .databaseUnused: databaseUnused
            case .logComplete: logComplete
            case .portFree: portFree
            case .nothingLeft: nothingLeft
            case .deployLostNothing: deployLostNothing
            case .traceComplete: traceComplete
            }
        guard !isImported else {
            let (held, evidence) = imported(name, (held, evidence))
            return Verdict.Rule(name: name, held: held, evidence: evidence)
        }
        return Verdict.Rule(name: name, held: held, evidence: evidence)
    }

    private typealias Finding = (Bool?, String)

    private var readinessFirst: Finding {
        guard rotation.enteredAt != nil else { return (nil, "no balancer watched") }
        guard let closed = listener.closedAt ?? process.exit?.at else { return (nil, "the listener never closed") }
        let what = listener.closedAt == nil ? "at the exit" : "when the listener closed"
        guard !rotation.isIn, let left = rotation.leftAt, left <= closed else {
            return (false, "still in rotation \(what)")
        }
        // Probes that time out take a server out of rotation too, a frozen one for example.
        if isTraced, rotation.readinessLoweredAt == nil {
            // A server may tell of its services and nothing of its readiness.
            guard rotation.readinessRaisedAt != nil else { return (nil, "the server tells nothing of its readiness") }
            return (false, "readiness never failed, only the probes did")
        }
        return (true, "\((closed - left).words) ahead")
    }

    private var inFlightAnswered: Finding {
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        guard owed > 0 else { return (nil, "nothing was in flight") }
        let text =
            "\(wholeAtSignal.grouped) of \(owed.grouped)"
            + (requests.untaken > 0 ? ", \(requests.untaken.grouped) not sent or not taken" : "")
            + (requests.fatesAtSignal[.unavailable].map { ", \($0.grouped) of them with 503" } ?? "")
            + (atTheDoorBefore > 0 ? ", \(atTheDoorBefore.grouped) at the door when it closed" : "")
        let open = requests.inFlight.values.count { $0.wasInFlightAtSignal }
        if open > 0, !process.isRunOver, wholeAtSignal + open == owed {
            return (nil, "\(text), \(open) still in flight")
        }
        return (wholeAtSignal == owed, text)
    }

    private var noServerErrors: Finding {
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        let failed = (requests.fatesAtSignal[.failed] ?? 0) + (traffic.fatesAfterSignal[.failed] ?? 0)
        let late = traffic.fatesAfterSignal
        let answers = wholeAtSignal + (late[.answered] ?? 0) + (late[.unmarked] ?? 0) + (late[.failed] ?? 0)
        guard answers > 0 else { return (nil, "nothing was answered") }
        return (failed == 0, "\((answers - failed).grouped) of \(answers.grouped)")
    }

    private var lateAnswered: Finding {
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        let letIn = traffic.fatesAfterSignal.filter { $0.key.isWhole || $0.key.isLoss }
        let total = letIn.values.reduce(0, +)
        guard total > 0 else { return (nil, "none was let in") }
        let lost = letIn.filter { $0.key.isLoss }.values.reduce(0, +)
        // Nobody directs new clients elsewhere, so some stand at the door when it closes; they are turned away.
        let atDoor = min(lost, atTheDoor)
        let text = "\((total - lost).grouped) of \((total - atDoor).grouped)"
        guard total > atDoor else { return (nil, "none was let in") }
        return (lost == atDoor, atDoor > 0 ? "\(text), \(atDoor.grouped) at the door when it closed" : text)
    }

    private var noneRefused: Finding {
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        let late = traffic.fatesAfterSignal
        let total = late.values.reduce(0, +)
        guard total > 0 else { return (nil, "no new request came after the signal") }
        let closed = late.filter { !$0.key.isWhole && !$0.key.isLoss }
        guard !closed.isEmpty else { return (true, "none of \(total.grouped)") }
        let text = Self.list(closed) + " of \(total.grouped)"
        return isUnbalanced ? (nil, "no balancer watched; \(text)") : (false, text)
    }

    /// Requests that came after the signal to a server without a balancer and were never taken: they came at the very end,
    /// or waited in the accept queue when the listener closed.
    var atTheDoor: Int {
        guard isUnbalanced else { return 0 }
        let late = traffic.fatesAfterSignal
        // Nobody was taken any more: the queue was longer in the end than when somebody last looked.
        if family.queued > 0, !late.contains(where: \.key.isWhole) { return late.unheard }
        let queued = max(0, family.queued - requests.fatesAtSignal.unheard)
        return min(late.unheard, traffic.atTheDoor + queued)
    }

    /// The same of those that came a moment before it: on which side of the signal is chance.
    var atTheDoorBefore: Int { isUnbalanced && !isTraced ? min(traffic.justBefore, family.queued) : 0 }

    /// Requests in flight at the signal that the server had to answer.
    var owed: Int { requests.owed - atTheDoorBefore }

    /// Whether its clients come to the server without a balancer that could send them elsewhere.
    var isUnbalanced: Bool { rotation.enteredAt == nil && deploy == nil }

    /// "11 answered, 15 refused".
    static func list(_ fates: [Fate: Int]) -> String {
        fates.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.map {
            "\($0.value.grouped) \($0.key.words)"
        }.joined(separator: ", ")
    }

    private var webSocketsTold: Finding {
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        guard websockets.atSignal > 0 else { return (nil, "none was open") }
        let codes = websockets.codes.keys.sorted().map(String.init).joined(separator: ", ")
        let text = "\(websockets.closedClean) of \(websockets.atSignal)" + (codes.isEmpty ? "" : ", code \(codes)")
        let isClean = websockets.closedDirty == 0
        if isClean, !websockets.open.isEmpty, !process.isRunOver { return (nil, "\(text), the others are open") }
        return (isClean && websockets.closedClean >= websockets.atSignal, text)
    }

    private var jobsSettled: Finding {
        if process.isGone, !jobs.running.isEmpty {
            return (false, "\(counted(jobs.running.count, "job")) still running at the exit")
        }
        guard jobs.finished + jobs.returned + jobs.abandoned > 0 else { return (nil, "no job ran") }
        guard jobs.abandoned == 0 else { return (false, "\(jobs.abandoned) abandoned") }
        return (true, "\(jobs.finished) finished, \(jobs.returned) handed back")
    }

    private var releasedInOrder: Finding {
        guard !resources.stack.isEmpty else { return (nil, "the server names no resources") }
        guard isTraced else { return (nil, "only its printed lines say so") }
        guard stopSignal != nil else { return (nil, "no signal was sent") }
        if let disorder = resources.disorders.first {
            return (false, "\(disorder.early) released while \(disorder.held) was in use")
        }
        if let again = resources.stack.last(where: { $0.releases > 1 || $0.failedAgain != nil }) {
            return (false, "\(again.name) was to be released twice")
        }
        let count = resources.releasedCount
        return (count == resources.stack.count, "\(count) of \(resources.stack.count)")
    }

    private var notForced: Finding {
        guard stopSignal != nil, shutdown.beganAt != nil else { return (nil, "the server does not say") }
        if let forced = shutdown.forced { return (false, "forced: \(forced.cause.text)") }
        if shutdown.deadlinePassedAt != nil { return (false, "the drain's limit passed") }
        return shutdown.endedAt != nil ? (true, "all within their limits") : (nil, "the shutdown never ended")
    }

    private var leftByItself: Finding {
        guard let signal = stopSignal else { return (nil, "no signal was sent") }
        guard let exit = process.exit else { return (process.isRunOver ? false : nil, whereabouts) }
        let took = used(since: signal.at, at: exit.at)
        let of = grace.map { "\(took.tenths) of \($0.limitWords)" } ?? took.words
        switch exit.status {
        case .signaled(.kill, _): return (false, "killed at \(of)")
        case .signaled(let cause, _) where !isReraised(cause): return (false, "died of \(cause.name) at \(of)")
        case .exited, .signaled: return (grace.map { took <= $0 } ?? true, of)
        }
    }

    /// How long it stayed with nothing left to do for anybody: a lead that it told is something to do.
    private var leftPromptly: Finding {
        guard let signal = stopSignal else { return (nil, "no signal was sent") }
        guard let exit = process.exit else { return (nil, whereabouts) }
        if case .signaled(let cause, _) = exit.status, !isReraised(cause) { return (nil, "it did not leave by itself") }
        let share = Numbers(self).graceUsed ?? 0
        if share > 0.8, let grace {
            return (false, "used \(used(since: signal.at, at: exit.at).tenths) of \(grace.limitWords)")
        }
        guard let work = lastWorkAt else { return (nil, "nothing ended after the signal") }
        let since = max(work, min(shutdown.leadEndedAt ?? work, exit.at))
        let wait = max(.zero, used(since: since, at: exit.at))
        guard wait <= .seconds(1) else { return (false, "\(wait.words) with nothing left to do") }
        // What the kernel still held for a slow reader needs no process any more.
        if work > exit.at { return (true, "left before the last answer was read") }
        let what = since > work ? "lead" : work == jobs.lastSettledAt ? "job" : "answer"
        return (true, "\(wait.words) after the last \(what)")
    }

    private var deployLostNothing: Finding {
        guard let deploy else { return (nil, "there was no deploy") }
        guard !deploy.isRestart else { return (nil, "a restart, no rolling deploy") }
        guard deploy.total > 0 else { return (nil, "no request came in it") }
        let text = "\(deploy.failed.grouped) of \(deploy.total.grouped)"
        if deploy.failed == 0, deploy.endedAt == nil, !process.isRunOver { return (nil, "\(text) so far") }
        return (deploy.failed == 0, text)
    }

    private var exitStatusRule: Finding {
        guard let exit = process.exit else { return (nil, whereabouts) }
        switch exit.status {
        case .exited(code: 0): return (true, exit.status.words)
        case .exited(let code):
            // 128 + n is how a shell spells death by signal n; the JVM exits that way after a clean shutdown.
            let isConvention = signals.sent.contains {
                !$0.signal.isUncatchable && Int($0.signal.rawValue) + 128 == code
            }
            return (isConvention, exit.status.words)
        case .signaled(.kill, _) where signals.sent.contains { $0.signal == .kill }: return (nil, exit.status.words)
        case .signaled(let signal, _):
            guard isReraised(signal) else { return (false, exit.status.words) }
            let hasDrained = shutdown.endedAt != nil || lastWorkAt != nil
            return (true, "\(exit.status.words), raised again" + (hasDrained ? " after a drain" : ""))
        }
    }

    /// Whether the server caught this signal, did its work, and then died of it on purpose.
    func isReraised(_ signal: Signal) -> Bool {
        guard !signal.isUncatchable, signals.sent.contains(where: { $0.signal == signal }) else { return false }
        return shutdown.endedAt != nil || (!isTraced && signals.prediction(for: signal) == .caught && !diedWithWork)
    }

    /// Whether it died of the signal with most of its work, though a handler ran.
    ///
    /// So it is with handlers that are a runtime's own: Go's catches every signal, and dies of those that the program did
    /// not ask for (runtime/signal_unix.go, `dieFromSignal`); Python unwinds and dies of KeyboardInterrupt.
    var diedWithWork: Bool {
        guard let exit = process.exit, case .signaled = exit.status else { return false }
        return wholeAtSignal * 2 < requests.owed
    }

    private func payments(_ count: KeyPath<Ledger.Audit, Int>, _ word: String) -> Finding {
        let told = ledger.charged + ledger.acknowledged + ledger.unknown + ledger.refused
        guard told + (ledger.audit?.charged ?? 0) > 0 else { return (nil, "no payment was made") }
        if word == "twice", !ledger.seenTwice.isEmpty, ledger.audit?.twice ?? 0 == 0 {
            return (false, "\(ledger.seenTwice.count.grouped) twice, says the server")
        }
        guard let audit = ledger.audit else { return (nil, "the ledger was not audited") }
        if let failure = audit.failure { return (nil, "the ledger could not be read: \(failure)") }
        if word == "in doubt", ledger.denied > 0 {
            return (false, "\(audit.ambiguous.grouped) in doubt, \(ledger.denied.grouped) charged and refused")
        }
        let number = audit[keyPath: count]
        guard number == 0 else { return (false, "\(number.grouped) \(word)") }
        return (
            true,
            word == "lost" ? "\(audit.acknowledged.grouped) of \(audit.acknowledged.grouped) in the ledger" : "none"
        )
    }

    private var databaseClosed: Finding {
        guard ledger.audit != nil, process.isGone else { return (nil, "no database was looked at") }
        guard let wal = remains.files.first(where: { $0.name.hasSuffix("-wal") }) else {
            return (true, "no write-ahead log left")
        }
        return (false, "\(wal.shortName) left, \(wal.bytes.grouped) bytes")
    }

    private var databaseUnused: Finding {
        guard resources["ledger"] != nil else { return (nil, "the server names no database") }
        let uses = ledger.misuses + ledger.lateTransactions + ledger.openAtClose
        guard uses == 0 else { return (false, counted(uses, "use")) }
        return ledger.closedAt == nil ? (nil, "it was never closed") : (true, "none")
    }

    private var logComplete: Finding {
        guard let lost = log.lost else { return (nil, "no log was looked at") }
        return (lost == 0, lost == 0 ? counted(log.found ?? 0, "line") : "\(lost.grouped) lost")
    }

    private var portFree: Finding {
        guard let answer = remains.port else { return (nil, "nobody tried") }
        if let successor { return (nil, "its successor \(successor) serves on it") }
        return (answer == "refused", answer == "refused" ? "refused" : answer)
    }

    private var nothingLeft: Finding {
        guard process.isRunOver else { return (nil, "nobody looked") }
        let left = remains.processes
        if let successor { return (nil, "\(successor) came after the signal, to serve in its place") }
        return (left.isEmpty, left.isEmpty ? "none" : Remains.listed(left).joined(separator: ", "))
    }

    private var traceComplete: Finding {
        guard isTraced else { return (nil, "it writes no events") }
        let missing = anomalies.missing[.server] ?? 0
        return (missing == 0, missing == 0 ? "none" : "\(missing.grouped) missing")
    }
}
