internal import ShutdownTrace

/// The rules about how the server gave back what it held, and how it left.
extension Judge {
    var releasedInOrder: Finding {
        guard !board.resources.stack.isEmpty else { return (nil, "the server names no resources") }
        guard board.isTraced else { return (nil, "only its printed lines say so") }
        guard board.stopSignal != nil else { return (nil, "no signal was sent") }
        if let disorder = board.resources.disorders.first {
            return (false, "\(disorder.early) released while \(disorder.held) was in use")
        }
        if let again = board.resources.stack.last(where: { $0.releases > 1 || $0.failedAgain != nil }) {
            return (false, "\(again.name) was to be released twice")
        }
        let count = board.resources.releasedCount
        return (count == board.resources.stack.count, "\(count) of \(board.resources.stack.count)")
    }

    var notForced: Finding {
        guard board.stopSignal != nil, board.shutdown.beganAt != nil else { return (nil, "the server does not say") }
        if let forced = board.shutdown.forced { return (false, "forced: \(forced.cause.text)") }
        if board.shutdown.deadlinePassedAt != nil { return (false, "the drain's limit passed") }
        return board.shutdown.endedAt != nil ? (true, "all within their limits") : (nil, "the shutdown never ended")
    }

    var leftByItself: Finding {
        guard let signal = board.stopSignal else { return (nil, "no signal was sent") }
        guard let exit = board.process.exit else { return (board.process.isRunOver ? false : nil, whereabouts) }
        let took = board.used(since: signal.at, at: exit.at)
        let of = board.grace.map { "\(took.tenths) of \($0.limitWords)" } ?? took.words
        switch exit.status {
        case .signaled(.kill, _): return (false, "killed at \(of)")
        case .signaled(let cause, _) where !isReraised(cause): return (false, "died of \(cause.name) at \(of)")
        case .exited, .signaled: return (board.grace.map { took <= $0 } ?? true, of)
        }
    }

    /// How long it stayed with nothing left to do for anybody: a lead that it told is something to do.
    var leftPromptly: Finding {
        guard let signal = board.stopSignal else { return (nil, "no signal was sent") }
        guard let exit = board.process.exit else { return (nil, whereabouts) }
        if case .signaled(let cause, _) = exit.status, !isReraised(cause) { return (nil, "it did not leave by itself") }
        if let grace = board.grace {
            let used = board.used(since: signal.at, at: exit.at)
            // What a busy machine adds is not the server's.
            let own = used - board.family.processorWaits.total
            if own.seconds > 0.8 * grace.seconds { return (false, "used \(used.tenths) of \(grace.limitWords)") }
        }
        guard let work = lastWorkAt else { return (nil, "nothing ended after the signal") }
        let since = max(work, min(board.shutdown.leadEndedAt ?? work, exit.at))
        let wait = max(.zero, board.used(since: since, at: exit.at))
        let busy = board.family.processorWaits.since(since)
        guard wait - busy <= .seconds(1) else { return (false, "\(wait.words) with nothing left to do") }
        // What the kernel still held for a slow reader needs no process any more.
        if work > exit.at { return (true, "left before the last answer was read") }
        let what = since > work ? "lead" : work == board.jobs.lastSettledAt ? "job" : "answer"
        let share = wait > .seconds(1) ? ", for \(busy.words) of it no processor was free" : ""
        return (true, "\(wait.words) after the last \(what)\(share)")
    }

    var deployLostNothing: Finding {
        guard let deploy = board.deploy else { return (nil, "there was no deploy") }
        guard !deploy.isRestart else { return (nil, "a restart, no rolling deploy") }
        guard deploy.total > 0 else { return (nil, "no request came in it") }
        let text = "\(deploy.failed.grouped) of \(deploy.total.grouped)"
        if deploy.failed == 0, deploy.endedAt == nil, !board.process.isRunOver { return (nil, "\(text) so far") }
        return (deploy.failed == 0, text)
    }

    var exitStatusRule: Finding {
        guard let exit = board.process.exit else { return (nil, whereabouts) }
        switch exit.status {
        case .exited(code: 0): return (true, exit.status.words)
        case .exited(let code):
            // 128 + n is how a shell spells death by signal n; the JVM exits that way after a clean shutdown.
            let isConvention = board.signals.sent.contains {
                !$0.signal.isUncatchable && Int($0.signal.rawValue) + 128 == code
            }
            return (isConvention, exit.status.words)
        case .signaled(.kill, _) where board.signals.sent.contains { $0.signal == .kill }:
            return (nil, exit.status.words)
        case .signaled(let signal, _):
            guard isReraised(signal) else { return (false, exit.status.words) }
            let hasDrained = board.shutdown.endedAt != nil || lastWorkAt != nil
            return (true, "\(exit.status.words), raised again" + (hasDrained ? " after a drain" : ""))
        }
    }

    /// Whether the server caught this signal, did its work, and then died of it on purpose.
    func isReraised(_ signal: Signal) -> Bool {
        guard !signal.isUncatchable, board.signals.sent.contains(where: { $0.signal == signal }) else { return false }
        return board.shutdown.endedAt != nil
            || (!board.isTraced && board.signals.prediction(for: signal) == .caught && !diedWithWork)
    }

    /// Whether it died of the signal with most of its work, though a handler ran.
    ///
    /// This happens with the handlers of a runtime: Go's catches every signal, and dies of those that the program did
    /// not ask for (runtime/signal_unix.go, `dieFromSignal`); Python unwinds and dies of KeyboardInterrupt.
    var diedWithWork: Bool {
        guard let exit = board.process.exit, case .signaled = exit.status else { return false }
        return wholeAtSignal * 2 < board.requests.owed
    }
}
