public import ShutdownBoard
public import ShutdownTrace

extension Lesson {
    /// What is happening in this lesson at `now`, in paragraphs: what is true of any server, then what this lesson adds.
    ///
    /// - Parameters:
    ///   - board: The run so far.
    ///   - now: The moment; at least that of the board's last event.
    ///   - isMended: Whether the mended version runs.
    ///   - canAsk: Whether a key would ask the server to stop.
    /// - Returns: One paragraph, or two.
    public func explanation(of board: Board, at now: Time, isMended: Bool, canAsk: Bool = false) -> [String] {
        let own = ownExplanation(board, isMended)
        return [board.explanation(at: now, canAsk: canAsk)] + (own.map { [$0] } ?? [])
    }

    private func ownExplanation(_ board: Board, _ isMended: Bool) -> String? {
        guard !board.gate.isHeld, board.process.frozenSince == nil else { return nil }
        let texts = isMended ? mendedExplanations : explanations
        if case .gone = board.phase {
            // Whoever pressed other keys sees another end than the lesson's.
            let wanted = isMended ? expectedWhenMended : expected
            guard board.verdict.word.rawValue == wanted else { return nil }
        }
        if let text = texts[board.phase.word.lowercased()] { return text }
        if case .releasing = board.phase { return texts["releasing"] }
        return nil
    }
}

extension Scene {
    /// The paragraphs of the explanation.
    var explanation: [String] {
        guard let playing = view.playing else { return [board.explanation(at: now, canAsk: canAsk)] }
        return playing.lesson.explanation(of: board, at: now, isMended: playing.isMended, canAsk: canAsk)
    }
}
