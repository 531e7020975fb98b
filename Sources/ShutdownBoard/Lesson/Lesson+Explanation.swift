package import ShutdownTrace

/// How a lesson explains its run.
extension Lesson {
    /// An explanation of this lesson at `now`, in paragraphs.
    ///
    /// After the facts of the moment comes the lesson's own text, where it has one, else the general text.
    ///
    /// - Parameters:
    ///   - board: The run so far.
    ///   - now: The moment; at least that of the board's last event.
    ///   - isMended: Whether the mended version runs.
    ///   - canAsk: Whether a key would ask the server to stop.
    /// - Returns: One paragraph to three.
    package func explanation(of board: Board, at now: Time, isMended: Bool, canAsk: Bool = false) -> [String] {
        if board.phase == .gone { return ending(of: board, at: now, isMended) }
        guard let own = ownText(board, isMended) else { return [Explainer(board, at: now).explanation(canAsk: canAsk)] }
        let waits = [.starting, .serving].contains(board.phase)
        return [Explainer(board, at: now).facts, own] + (canAsk && waits && !isMended ? [press] : [])
    }

    /// The lesson's text under the verdict's word: its meaning, and how this server is mended.
    package func remark(on verdict: Verdict, isMended: Bool) -> String {
        guard isExpected(verdict, isMended) else { return verdict.lesson }
        return isMended || !canBeMended ? verdict.meaning : "\(verdict.meaning) \(mend)"
    }

    private func ending(of board: Board, at now: Time, _ isMended: Bool) -> [String] {
        let explainer = Explainer(board, at: now)
        guard !board.isLooking, !board.isReplacing else { return [explainer.explanation()] }
        let verdict = Judge(board).verdict
        guard isExpected(verdict, isMended) else {
            let wanted = isMended ? expectedWhenMended : expected
            let other = "This is not the end that the lesson is about, which is \(wanted?.rawValue ?? "")."
            // What to press is told while there is a server: now no key of the lesson does anything.
            return [verdict.lesson, other]
        }
        let own = (isMended ? mendedExplanations : explanations)[.gone].map { [$0] } ?? []
        return [verdict.meaning] + own + (isMended || !canBeMended ? [] : [mend])
    }

    private func isExpected(_ verdict: Verdict, _ isMended: Bool) -> Bool {
        isMended
            ? verdict.word == expectedWhenMended : verdict.word == expected || alsoExpected.contains(verdict.word)
    }

    /// The text for the present circumstance, or else for the phase.
    private func ownText(_ board: Board, _ isMended: Bool) -> String? {
        let texts = isMended ? mendedExplanations : explanations
        if board.process.frozenSince != nil { return texts[LessonPhase(board.phase, .frozen)] }
        let own = circumstances(board).lazy.compactMap { texts[LessonPhase(board.phase, $0)] }.first
        return own ?? texts[LessonPhase(board.phase)]
    }

    /// What is so now and may have a text of its own, the most specific first.
    private func circumstances(_ board: Board) -> [LessonPhase.Circumstance] {
        (board.resources[.ledger]?.isBeyondUse == true ? [.ledgerClosed] : [])
            + (board.jobs.abandoned > 0 ? [.jobAbandoned] : [])
            + (board.waitedForCount == 0 ? [.nothingInFlight] : [])
    }
}
