internal import ShutdownTrace

/// The rules about how the server gave back what it held, and how it left.
extension Judge {
    var releasedInOrder: Finding {
        guard !board.resources.stack.isEmpty else { return .inapplicable("the server names no resources") }
        guard board.isTraced else { return .unknown("only its printed lines say so") }
        guard board.stopSignal != nil else { return .inapplicable("no signal was sent") }
        if let disorder = board.resources.disorders.first {
            return .failed("\(disorder.early) released while \(disorder.held) was in use")
        }
        if let again = board.resources.stack.last(where: { $0.releases > 1 || $0.failedAgain != nil }) {
            return .failed("\(again.name) was to be released twice")
        }
        let count = board.resources.releasedCount
        if board.remains.wereEnded, count < board.resources.stack.count {
            return .unknown("\(count) of \(board.resources.stack.count) when Drainboard ended what was left")
        }
        return .judged(count == board.resources.stack.count, "\(count) of \(board.resources.stack.count)")
    }

    var notForced: Finding {
        guard board.stopSignal != nil, board.shutdown.beganAt != nil else {
            return .inapplicable("the server tells of no shutdown")
        }
        if let forced = board.shutdown.forced { return .failed("forced: \(forced.cause.text)") }
        if board.shutdown.deadlinePassedAt != nil { return .failed("the drain's limit passed") }
        if board.shutdown.endedAt != nil { return .held("all within their limits") }
        return board.process.isGone ? .inapplicable("its shutdown never ended") : .unknown("its shutdown has not ended")
    }

    var leftByItself: Finding {
        guard let signal = board.stopSignal else { return .inapplicable("no signal was sent") }
        guard let exit = board.process.exit else {
            return board.process.isRunOver ? .failed(whereabouts) : .unknown(whereabouts)
        }
        let took = board.used(since: signal.at, at: exit.at)
        let of = board.grace.map { "\(took.tenths) of \($0.limitWords)" } ?? took.words
        switch exit.status {
        case .signaled(.kill, _): return .failed("killed at \(of)")
        case .signaled(let cause, _) where !isReraised(cause): return .failed("died of \(cause.name) at \(of)")
        case .exited, .signaled: return .judged(board.grace.map { took <= $0 } ?? true, of)
        }
    }

    /// How long it stayed with nothing left to do for anybody: a lead that it told is something to do.
    var leftPromptly: Finding {
        guard let signal = board.stopSignal else { return .inapplicable("no signal was sent") }
        guard let exit = board.process.exit else { return withoutExit }
        if case .signaled(let cause, _) = exit.status, !isReraised(cause) {
            return .inapplicable("it did not leave by itself")
        }
        if let grace = board.grace {
            let used = board.used(since: signal.at, at: exit.at)
            // What a busy machine adds is not the server's.
            let own = used - board.family.processorWaits.total
            if own.seconds > 0.8 * grace.seconds { return .failed("used \(used.tenths) of \(grace.limitWords)") }
        }
        guard let work = lastWorkAt else { return .unknown("nothing ended after the signal") }
        let since = max(work, min(board.shutdown.leadEndedAt ?? work, exit.at))
        let wait = max(.zero, board.used(since: since, at: exit.at))
        let busy = board.family.processorWaits.since(since)
        guard wait - busy <= .seconds(1) else { return .failed("\(wait.words) with nothing left to do") }
        // What the kernel still held for a slow reader needs no process any more.
        if work > exit.at { return .held("at once; a client was still reading") }
        let what = since > work ? "lead" : work == board.jobs.lastSettledAt ? "job" : "answer"
        let share = wait > .seconds(1) ? ", for \(busy.words) of it no processor was free" : ""
        return .held("\(wait.words) after the last \(what)\(share)")
    }

    var deployLostNothing: Finding {
        guard let deploy = board.deploy else { return .inapplicable("there was no deploy") }
        if let gap { return .failed("\(gap.turnedAway.grouped) turned away in \(gap.words)") }
        guard !deploy.isRestart else { return .inapplicable("a restart, no rolling deploy") }
        guard deploy.total > 0 else { return .unknown("no request came in it") }
        let text = "\(deploy.failed.grouped) of \(deploy.total.grouped)"
        if deploy.failed == 0, deploy.endedAt == nil, !board.process.isRunOver { return .unknown("\(text) so far") }
        return .judged(deploy.failed == 0, text)
    }

    var exitStatusRule: Finding {
        guard let exit = board.process.exit else { return withoutExit }
        switch exit.status {
        case .exited(code: 0): return .held(exit.status.words)
        case .exited(let code):
            // 128 + n is how a shell spells death by signal n; the JVM exits that way after a clean shutdown.
            let isConvention = board.signals.sent.contains {
                !$0.signal.isUncatchable && Int($0.signal.rawValue) + 128 == code
            }
            return .judged(isConvention, exit.status.words)
        case .signaled(.kill, _) where board.signals.sent.contains { $0.signal == .kill }:
            return .inapplicable(exit.status.words)
        case .signaled(let signal, _):
            guard isReraised(signal) else { return .failed(exit.status.words) }
            let hasDrained = board.shutdown.endedAt != nil || lastWorkAt != nil
            return .held("\(exit.status.words), raised again" + (hasDrained ? " after a drain" : ""))
        }
    }

    /// A process that outlived the run has no exit that could be judged; of one that still runs it is to come.
    private var withoutExit: Finding {
        board.process.isRunOver ? .inapplicable(whereabouts) : .unknown(whereabouts)
    }

    /// Whether the server caught this signal, did its work, and then died of it on purpose.
    func isReraised(_ signal: Signal) -> Bool {
        guard !signal.isUncatchable, board.signals.sent.contains(where: { $0.signal == signal }) else { return false }
        return board.shutdown.endedAt != nil
            || (!board.isTraced && board.signals.prediction(for: signal) == .caught && !diedWithWork)
    }

    /// Whether it died of the signal at once with most of its work, though a handler ran.
    ///
    /// One that went on for a while drained in it, and was overrun.
    /// This happens with the handlers of a runtime: Go's catches every signal, and dies of those that the program did
    /// not ask for (runtime/signal_unix.go, `dieFromSignal`); Python unwinds and dies of KeyboardInterrupt.
    var diedWithWork: Bool {
        guard let exit = board.process.exit, case .signaled = exit.status, let signal = board.stopSignal,
            exit.at - signal.at - board.family.processorWaits.total < Self.deathOfRuntime
        else { return false }
        return wholeAtSignal * 2 < board.requests.owed
    }

    /// How long a runtime takes at most to die of a signal: Python and Ruby unwind for a tenth of a second on a slow machine.
    private static let deathOfRuntime = Time.seconds(1)
}
