internal import ShutdownTrace

/// How the word of a verdict follows from the exit and the rules.
extension Judge {
    /// The worst fact decides: what was done twice or lost first, then how the process ended, then what it left.
    func word(_ rules: [Verdict.Rule]) -> Verdict.Word {
        guard !board.isImported else { return importedWord() }
        let failed = Set(rules.filter { $0.held == false }.map(\.name))
        guard let signal = board.stopSignal else {
            guard let exit = board.process.exit else { return .inconclusive }
            if case .signaled = exit.status { return .crashed }
            return .inconclusive
        }
        if failed.contains(.noPaymentTwice) { return .duplicated }
        guard let exit = board.process.exit else {
            guard board.process.isRunOver else { return .inconclusive }
            return hasReacted ? .orphans : .ignored
        }
        switch exit.status {
        case .signaled(.kill, _):
            if isEndedWithRun { return .inconclusive }
            if isReloaded { return .reloaded }
            return board.shutdown.graceExpiredAt != nil && !hasReacted ? .ignored : .forceKilled
        case .signaled(let cause, let core) where !isReraised(cause):
            if hasBegun, board.signals.sent.contains(where: { $0.signal == cause && $0.at > signal.at }) {
                return .forceKilled
            }
            // A wrapper that died in front of a server which goes on.
            if isWrapperGone { return .orphans }
            let wasSent = board.signals.sent.contains { $0.signal == cause }
            return wasSent && core != true || wasSent && cause.defaultAction == .core ? .unhandled : .crashed
        case .signaled, .exited: break
        }
        return wordOfExit(failed, signal)
    }

    /// Whether Drainboard itself ended the server, because a person left or began another run.
    var isEndedWithRun: Bool {
        board.process.exit?.status.isByKill == true && board.signals.sent.last { $0.signal == .kill }?.by == .cleanup
    }

    /// What is broken when accepted work was lost.
    static let drops: Set<RuleName> = [
        .noPaymentLost, .noPaymentInDoubt, .inFlightAnswered, .lateAnswered, .noServerErrors, .webSocketsTold,
        .jobsSettled,
    ]

    /// The word for a process that left by itself.
    private func wordOfExit(_ failed: Set<RuleName>, _ signal: SentSignal) -> Verdict.Word {
        if successor != nil { return wordOfSuccession(failed) }
        // A client that waits for a server whose wrapper has left loses its answer to Drainboard's clean-up.
        if !board.isTraced, isServedByOthers { return .orphans }
        if !failed.isDisjoint(with: Self.drops) { return .dropped }
        let turnedAway = atTheDoor + atTheDoorBefore + sentToNobody
        if board.requests.lost.count > turnedAway { return .dropped }
        if !board.isTraced, wasTurnedAway { return .refusedWork }
        // A 503 to a request that was in flight is fair only as long as no limit was enforced on it.
        if failed.contains(.notForced), (board.requests.fatesAtSignal[.unavailable] ?? 0) > 0 { return .dropped }
        // A resource that was released too early turns new requests away too: the cause says more than the consequence.
        if failed.contains(.releasedInOrder), !board.resources.disorders.isEmpty { return .wrongOrder }
        if !failed.isDisjoint(with: [.noneRefused, .deployLostNothing]) { return .refusedWork }
        if !failed.isDisjoint(with: [.releasedInOrder, .databaseUnused, .databaseClosed, .logComplete]) {
            return .wrongOrder
        }
        if !failed.isDisjoint(with: [.nothingLeft, .portFree]) { return .orphans }
        if failed.contains(.exitStatus) { return .badExit }
        if board.requests.owed == 0 && board.websockets.atSignal == 0 || isTooFast { return .inconclusive }
        let isOpen = board.waitedForCount > 0 || !board.websockets.open.isEmpty
        if isOpen, !board.process.isRunOver { return .inconclusive }
        return failed.contains(.leftPromptly) ? .slow : .graceful
    }

    /// Whether the signal ended a process, and another of its family still holds the port.
    var isWrapperGone: Bool {
        guard case .signaled(let cause, _)? = board.process.exit?.status, !isReraised(cause), cause != .kill else {
            return false
        }
        return isServedByOthers
    }

    /// Whether the process that was started is gone, and others of its family hold the port.
    private var isServedByOthers: Bool { !board.remains.processes.isEmpty && board.remains.port == .accepts }

    /// Whether it took the signal for a wish to begin anew: it went on, with other processes or another listener.
    private var isReloaded: Bool {
        guard board.shutdown.graceExpiredAt != nil, !board.isTraced, board.listener.closedAt == nil else {
            return false
        }
        return board.listener.isReopened || !board.family.servingGone.isEmpty && !board.family.servingBorn.isEmpty
    }

    /// Whether all that was in flight at the signal was answered so soon that the server need not even have noticed it.
    var isTooFast: Bool {
        guard !board.isTraced, let signal = board.stopSignal, board.websockets.atSignal == 0 else { return false }
        guard wholeAtSignal == board.requests.owed else { return false }
        let last = board.requests.settled.filter { $0.end?.fate.isWhole == true }.compactMap { $0.end?.at }.max()
        return last.map { $0 - signal.at < Self.noticeable } ?? false
    }

    static let noticeable = Time.milliseconds(50)

    /// Whether a request that the server had for a while when the signal came was answered with 503.
    var wasTurnedAway: Bool {
        guard let signal = board.stopSignal else { return false }
        return board.requests.settled.contains {
            $0.end?.fate == .unavailable && signal.at - $0.startedAt > Self.noticeable
        }
    }

    /// Whether a handler of its own began to shut it down.
    private var hasBegun: Bool {
        board.shutdown.beganAt != nil || board.rotation.readinessLoweredAt != nil || board.listener.closedAt != nil
    }

    /// Whether anything shows that the server noticed the signal before it was killed.
    private var hasReacted: Bool {
        hasBegun
            || board.signals.sent.contains { $0.receivedAt != nil }
            || board.traffic.turnedAwayAt.map { at in board.shutdown.graceExpiredAt.map { at < $0 } ?? true } ?? false
            || hasStoppedTaking || hasLetGo
    }

    /// Whether its handler ran, and it began to part with its clients: it closed idle connections at once, or announced
    /// closes as it never had before.
    private var hasLetGo: Bool {
        guard !board.isTraced, let signal = board.stopSignal, board.signals.prediction(for: signal.signal) == .caught
        else {
            return false
        }
        let end = min(signal.at + .milliseconds(500), board.shutdown.graceExpiredAt ?? signal.at + .seconds(1))
        return board.traffic.announcedCloses > 0 && board.traffic.closesBefore == 0
            || board.listener.held[.idle]?.firstAt.map { $0 < end } ?? false
    }

    /// Whether its handler ran, and nobody who came since then was taken.
    private var hasStoppedTaking: Bool {
        guard !board.isTraced, !board.process.diedFrozen, let signal = board.stopSignal,
            board.signals.prediction(for: signal.signal) == .caught
        else { return false }
        return board.family.queued > 0 && !board.traffic.fatesAfterSignal.contains(where: \.key.isWhole)
    }

    func headline(_ word: Verdict.Word) -> String {
        guard !board.isImported else { return importedHeadline() }
        guard let exit = board.process.exit else {
            return board.process.isRunOver ? "still there at the end of the run" : whereabouts
        }
        guard let signal = board.stopSignal else { return "\(exit.status.words), and no signal was sent" }
        let after = "\((exit.at - signal.at).words) after \(signal.signal.name)"
        let newcomers = word.isGraceful ? unservedNewcomers.map { "; but \($0)" } : nil
        return "\(exit.status.words), \(after)" + (whenItDied(exit.status).map { ", \($0)" } ?? "") + (newcomers ?? "")
    }

    /// What is known of a process of which no exit was told.
    var whereabouts: String { board.isOwnWord ? "nobody saw whether it exited" : "still there" }

    /// What was going on when a signal ended the process.
    private func whenItDied(_ status: ExitStatus) -> String? {
        guard case .signaled(let signal, _) = status, !isReraised(signal) else { return nil }
        if board.shutdown.endedAt != nil { return "after the shutdown" }
        if let releasing = board.resources.releasing, !Phase.drainedNames.contains(releasing.name) {
            return "while releasing the \(releasing.name)"
        }
        if board.shutdown.drainBeganAt != nil || board.listener.closedAt != nil { return "while draining" }
        if board.shutdown.beganAt != nil { return "while leaving rotation" }
        return board.requests.countAtSignal > 0 ? "while serving" : nil
    }
}
