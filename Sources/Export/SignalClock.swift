internal import ShutdownBoard
internal import ShutdownTrace

/// Moments as text: counted from the first signal that asked the server to stop, or from the start where there was none.
struct SignalClock {
    /// The moment from which it counts.
    let origin: Time
    let signal: SentSignal?

    init(_ board: Board) {
        signal = board.stopSignal
        origin = signal?.at ?? .zero
    }

    /// Seconds to the millisecond: "+1.005", "-0.250".
    func text(_ time: Time) -> String {
        (time - origin).decimals(3, isSigned: signal != nil)
    }
}

extension Board {
    /// The events that are worth a line in a report, in the order of their times: pipes deliver them in almost that order.
    var notableLines: [Feed.Line] {
        let lines = Array(feed.lines).filter { $0.weight > .quiet }
        return lines.indices.sorted { (lines[$0].time, $0) < (lines[$1].time, $1) }.map { lines[$0] }
    }
}

extension Verdict {
    static let evidenceHead = ["what", "found"]

    /// The evidence as rows of a table.
    var evidenceRows: [[String]] { evidence.map { [$0.label, ($0.isLoss ? "✗ " : "") + $0.sentence] } }

    static let mendingHead = ["not held", "how to mend it"]

    /// The most important rules that did not hold, with their advice.
    func rulesToMend(_ board: Board) -> [[String]] {
        guard !board.isOfDemo else { return [] }
        return mending.prefix(3).map { [$0.name.sentence, $0.advice ?? ""] }
    }

    static let rulesHead = ["held", "rule", "evidence"]

    /// The rules as rows of a table.
    var ruleRows: [[String]] {
        rules.map { [$0.held.map { $0 ? "✓ yes" : "✗ no" } ?? "? unknown", $0.name.sentence, $0.evidence] }
    }
}

extension Verdict.Evidence {
    /// The text with a colon where the screen leaves a wide gap: "1 of 7: rotation; listener was not done".
    var sentence: String { text.replacing("   ", with: ": ") }
}
