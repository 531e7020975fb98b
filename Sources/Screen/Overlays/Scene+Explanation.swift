internal import ShutdownBoard
internal import ShutdownTrace

/// What a scene explains: the lesson that is played, or the run alone.
extension Scene {
    /// The paragraphs of the explanation.
    var explanation: [String] {
        guard let playing = view.playing else { return [Explainer(board, at: now).explanation(canAsk: canAsk)] }
        // The key begins the deploy there, and the signal comes later.
        let asksFirst = canAsk && awaitsDeploy
        let texts = playing.lesson.explanation(
            of: board, at: now, isMended: playing.isMended, canAsk: canAsk && !asksFirst)
        guard asksFirst, case .serving = phase else { return texts }
        return texts + ["Press t to begin the deploy: instance 2 starts, and once it serves, instance 1 gets SIGTERM."]
    }

    /// The text under the verdict's word.
    func remark(on verdict: Verdict) -> String {
        guard let playing = view.playing else { return verdict.lesson }
        return playing.lesson.remark(on: verdict, isMended: playing.isMended)
    }
}
