internal import ShutdownTrace

/// Judges a run by its board; meant for a run that is over, and true of any other as far as it came.
package struct Judge {
    let board: Board

    package init(_ board: Board) { self.board = board }

    package var verdict: Verdict {
        var rules = RuleName.allCases.map { Verdict.Rule(name: $0, finding: finding(on: $0)) }
            .filter(\.finding.isApplicable)
        let word = word(rules)
        for index in rules.indices where rules[index].held == false {
            rules[index].advice = advice(on: rules[index].name, word)
        }
        var teaching = teaching(word, rules)
        teaching.remedy = [teaching.remedy, longerBefore ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return Verdict(
            word: word, exit: board.process.exit?.status, headline: headline(word), evidence: evidence, rules: rules,
            numbers: Numbers(self), framework: framework, meaning: teaching.meaning, remedy: teaching.remedy)
    }

    /// The last thing that a client saw since the signal: a whole answer, or the end of a WebSocket.
    var lastAnswerAt: Time? { last([board.requests.lastAnswerAt, board.websockets.lastClosedAt]) }

    /// The same, or the end of a job since the signal.
    var lastWorkAt: Time? { last([lastAnswerAt, board.jobs.lastSettledAt]) }

    private func last(_ times: [Time?]) -> Time? {
        guard let signal = board.stopSignal else { return nil }
        return times.compactMap { $0 }.filter { $0 >= signal.at }.max()
    }

    /// Of the requests in flight at the signal: how many were answered whole.
    var wholeAtSignal: Int { board.requests.fatesAtSignal.total(of: \.isWhole) }
}
