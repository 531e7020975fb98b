internal import ShutdownTrace

/// How the word of a verdict follows from the exit and the rules.
extension Board {
    /// The worst fact decides: what was done twice or lost first, then how the process ended, then what it left.
    func word(_ rules: [Verdict.Rule]) -> Verdict.Word {
        guard !isImported else { return importedWord() }
        let failed = Set(rules.filter { $0.held == false }.map(\.name))
        guard let signal = stopSignal else {
            guard let exit = process.exit else { return .inconclusive }
            if case .signaled = exit.status { return .crashed }
            return .inconclusive
        }
        if failed.contains(.noPaymentTwice) { return .duplicated }
        guard let exit = process.exit else {
            guard process.isRunOver else { return .inconclusive }
            return hasReacted ? .orphans : .ignored
        }
        switch exit.status {
        case .signaled(.kill, _):
            return shutdown.graceExpiredAt != nil && !hasReacted ? .ignored : .forceKilled
        case .signaled(let cause, let core) where !isReraised(cause):
            if hasBegun, signals.sent.contains(where: { $0.signal == cause && $0.at > signal.at }) {
                return .forceKilled
            }
            let wasSent = signals.sent.contains { $0.signal == cause }
            return wasSent && !core || wasSent && cause.defaultAction == .core ? .unhandled : .crashed
        case .signaled, .exited: break
        }
        return wordOfExit(failed, signal)
    }

    /// The word for a process that left by itself.
    private func wordOfExit(_ failed: Set<RuleName>, _ signal: SentSignal) -> Verdict.Word {
        let drops: Set<RuleName> = [
            .noPaymentLost, .noPaymentInDoubt, .inFlightAnswered, .lateAnswered, .noServerErrors, .webSocketsTold,
            .jobsSettled,
        ]
        if !failed.isDisjoint(with: drops) { return .dropped }
        if !requests.lost.isEmpty { return .dropped }
        // A 503 to a request that was in flight is fair only as long as no limit was enforced on it.
        if failed.contains(.notForced), (requests.fatesAtSignal[.unavailable] ?? 0) > 0 { return .dropped }
        if failed.contains(.noneRefused) { return .refusedWork }
        if !failed.isDisjoint(with: [.releasedInOrder, .databaseUnused, .databaseClosed, .logComplete]) {
            return .wrongOrder
        }
        if !failed.isDisjoint(with: [.nothingLeft, .portFree]) { return .orphans }
        if failed.contains(.exitStatus) { return .badExit }
        if requests.countAtSignal == 0, websockets.atSignal == 0 { return .inconclusive }
        let isOpen = !requests.inFlight.isEmpty || !websockets.open.isEmpty
        if isOpen, !process.isRunOver { return .inconclusive }
        return isSlow ? .slow : .graceful
    }

    /// Whether a handler of its own began to shut it down.
    private var hasBegun: Bool {
        shutdown.beganAt != nil || rotation.readinessLoweredAt != nil || listener.closedAt != nil
    }

    /// Whether anything shows that the server noticed the signal before it was killed.
    private var hasReacted: Bool {
        hasBegun
            || signals.sent.contains { $0.receivedAt != nil }
            || traffic.turnedAwayAt.map { at in shutdown.graceExpiredAt.map { at < $0 } ?? true } ?? false
    }

    /// More than a second with nothing left to do for anybody, or more than four fifths of the grace period.
    private var isSlow: Bool {
        let numbers = Numbers(self)
        return (numbers.idleWaitMs ?? 0) > 1_000 && (numbers.drainOverheadMs ?? 0) > 1_000
            || (numbers.graceUsed ?? 0) > 0.8
    }

    func headline(_ word: Verdict.Word) -> String {
        guard !isImported else { return importedHeadline() }
        guard let exit = process.exit else {
            return process.isRunOver ? "still there at the end of the run" : "still there"
        }
        guard let signal = stopSignal else { return "\(exit.status.words), and no signal was sent" }
        let after = "\((exit.at - signal.at).words) after \(signal.signal.name)"
        return "\(exit.status.words), \(after)" + (whenItDied(exit.status).map { ", \($0)" } ?? "")
    }

    /// What was going on when a signal ended the process.
    private func whenItDied(_ status: ExitStatus) -> String? {
        guard case .signaled(let signal, _) = status, !isReraised(signal) else { return nil }
        if shutdown.endedAt != nil { return "after the shutdown" }
        if let releasing = resources.releasing, !Self.drainedNames.contains(releasing.name) {
            return "while releasing the \(releasing.name)"
        }
        if shutdown.drainBeganAt != nil || listener.closedAt != nil { return "while draining" }
        if shutdown.beganAt != nil { return "while leaving rotation" }
        return requests.countAtSignal > 0 ? "while serving" : nil
    }
}
