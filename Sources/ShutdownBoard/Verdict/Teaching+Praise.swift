internal import ShutdownTrace

/// Praise of a graceful shutdown: no more than what was seen.
extension Judge {
    func graceful(_ held: Set<RuleName>) -> Teaching {
        let served =
            held.contains(.inFlightAnswered)
            ? "Everybody who was being served was served" : "Every WebSocket was told goodbye"
        let left = held.isSuperset(of: [.leftPromptly, .nothingLeft]) ? ", soon and with nothing left behind" : ""
        let end =
            held.contains(.releasedInOrder)
            ? "everything was given back in the reverse of the order in which it was taken"
            : "the process left by itself\(left)"
        return Teaching(meaning: "\(served), and \(end). " + (newcomers ?? praise))
    }

    private var praise: String {
        if !ownTrouble.isEmpty { return "But its own lines tell of trouble: see what it says itself." }
        if wasAnyoneTurnedAway { return "Who was turned away may ask again." }
        if isUnbalanced, board.traffic.fatesAfterSignal.isEmpty {
            return "Nobody came after the signal, so this run does not show what becomes of newcomers."
        }
        return "This is what a deploy should look like from outside: nobody noticed."
    }

    /// Whether a request that was in flight at the signal got a 503, or was not taken any more.
    private var wasAnyoneTurnedAway: Bool {
        board.requests.untaken > 0 || board.requests.fatesAtSignal[.unavailable] != nil
    }

    /// What became of those who came after the signal and were not served; nil where all were.
    var newcomers: String? {
        guard let unserved = unservedNewcomers else { return nil }
        let hint =
            isUnbalanced && !board.isTraced ? ": with --ready you see whether a balancer would have spared them" : ""
        return "But \(unserved)\(hint)."
    }

    /// "10 of 20 newcomers were refused"; nil where all were served.
    var unservedNewcomers: String? {
        let late = board.traffic.fatesAfterSignal
        let unserved = late.filter { !$0.key.isWhole || $0.key == .unavailable || $0.key == .failed }
        let count = unserved.total { _ in true }
        guard count > 0 else { return nil }
        let what = unserved.count == 1 && unserved[.refused] != nil ? "were refused" : "were not served"
        return "\(count.grouped) of \(counted(late.total { _ in true }, "newcomer")) \(what)"
    }
}
