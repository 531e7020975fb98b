internal import ShutdownTrace

/// What can be said of a run that is known from another program's log alone.
///
/// A log is the server's own word. It never shows who was in flight and what the clients saw, so it can prove a bad
/// end, but no graceful one.
extension Judge {
    /// Whether the log says anything of a shutdown, or of the end of the process.
    private var tellsOfShutdown: Bool {
        board.shutdown.beganAt != nil || board.stopSignal != nil || board.process.isGone
            || board.shutdown.graceExpiredAt != nil
    }

    private var isExitTold: Bool { board.process.isGone && !board.shutdown.guesses.contains(.processExited) }

    /// Requests that were cut at a limit, as the log says in so many words.
    private var toldCut: Int? {
        guard let left = board.shutdown.leftAtDeadline, left > 0, !board.shutdown.guesses.contains(.drainDeadlinePassed)
        else {
            return nil
        }
        return left
    }

    func importedWord() -> Verdict.Word {
        if isExitTold, let exit = board.process.exit {
            switch exit.status {
            case .signaled(.kill, _): return tellsOfShutdown && hasStopping ? .forceKilled : .crashed
            case .signaled(let cause, let core) where core == true || !wasSent(cause): return .crashed
            case .signaled, .exited: break
            }
        }
        if toldCut != nil { return .dropped }
        if isExitTold, hasStopping, judgeExit == false { return .badExit }
        return .inconclusive
    }

    private var hasStopping: Bool { board.shutdown.beganAt != nil || board.stopSignal != nil }

    private func wasSent(_ signal: Signal) -> Bool { board.signals.sent.contains { $0.signal == signal } }

    /// Whether the exit code says success: 0, or 128 + n after signal n.
    private var judgeExit: Bool? {
        guard isExitTold, case .exited(let code)? = board.process.exit?.status else { return nil }
        return code == 0 || board.signals.sent.contains { Int($0.signal.rawValue) + 128 == code }
    }

    /// A rule, as far as the log alone can say.
    func imported(_ name: RuleName, _ found: Finding) -> Finding {
        switch name {
        case .inFlightAnswered:
            guard let cut = toldCut else { return .unknown("not in the log") }
            return .failed("at least \(counted(cut, "request")) cut, says the log")
        case .notForced:
            let isTold = !board.shutdown.guesses.contains(.shutdownForced)
            if let forced = board.shutdown.forced, isTold { return .failed("forced: \(forced.cause.text)") }
            if board.shutdown.deadlinePassedAt != nil, !board.shutdown.guesses.contains(.drainDeadlinePassed) {
                return .failed("a limit passed, says the log")
            }
            return .unknown("the log tells of none")
        case .exitStatus:
            guard isExitTold, let exit = board.process.exit else { return .unknown("not in the log") }
            if case .signaled = exit.status, importedWord() == .inconclusive {
                return .unknown("\(exit.status.words): not caught, or raised again after a drain")
            }
            return .judged(judgeExit ?? false, exit.status.words)
        case .leftByItself:
            guard isExitTold, let exit = board.process.exit else { return .unknown("not in the log") }
            if case .signaled(.kill, _) = exit.status { return .failed("killed") }
            return .unknown(found.words)
        case .readinessFirst, .leftPromptly, .deployLostNothing, .lateAnswered, .noServerErrors, .noneRefused,
            .webSocketsTold, .jobsSettled,
            .releasedInOrder, .noPaymentLost, .noPaymentTwice, .noPaymentInDoubt, .databaseClosed, .databaseUnused,
            .logComplete, .portFree, .nothingLeft, .traceComplete:
            return .inapplicable("no log tells it")
        }
    }

    func importedHeadline() -> String {
        guard tellsOfShutdown else { return "cannot know: the log says nothing of a shutdown" }
        let start = board.stopSignal?.at ?? board.shutdown.beganAt
        let cause = board.stopSignal.map { $0.signal.name } ?? "the shutdown began"
        if let exit = board.process.exit {
            let after = start.map { ", \(span(exit.at - $0))after \(cause)" } ?? ""
            return "\(exit.status.words)\(after), says the log"
        }
        if let ended = board.shutdown.endedAt, let start {
            return "the shutdown ended \(span(ended - start))after \(cause), says the log; how it left is not told"
        }
        return "a shutdown that began, and no word of its end"
    }

    /// Nothing in a log without times, whose lines are only in order.
    private func span(_ time: Time) -> String {
        board.facts.isUntimed ? "" : time.words + " "
    }

    /// What the log tells, and what it does not show.
    var importedEvidence: [Verdict.Evidence] {
        var lines: [Verdict.Evidence] = []
        if let cut = toldCut {
            lines.append(line("cut, says the log", "at least \(counted(cut, "request"))", isLoss: true))
        }
        if !board.resources.releases.isEmpty {
            let names = board.resources.releases.map(\.rawValue).joined(separator: ", ")
            lines.append(line("released, says the log", names))
        }
        if !board.shutdown.guesses.isEmpty {
            let words = board.shutdown.guesses.map(\.rawValue).sorted().joined(separator: ", ")
            lines.append(line("guessed", words))
        }
        var unknown = ["who was in flight", "what the clients saw", "what was left behind"]
        if !isExitTold { unknown.insert("the exit status", at: 0) }
        if !tellsOfShutdown { unknown = ["whether it was asked to stop, and how it ended"] }
        return lines + [line("not in the log", unknown.joined(separator: ", "))]
    }

    func importedLesson() -> String {
        guard tellsOfShutdown else {
            return "Nothing in these lines speaks of a shutdown, so nothing can be said about one. Log the signal, the "
                + "drain and the exit, or let drainboard check run the server."
        }
        return
            "A log is the server's own word: it does not show who was in flight, nor what became of them. To know, run "
            + "the server under drainboard check, which watches from outside."
    }
}
