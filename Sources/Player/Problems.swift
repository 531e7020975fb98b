internal import ShutdownBoard
internal import ShutdownTrace

/// What is wrong with a trace, in sentences: the first hundred.
struct Problems: Sendable {
    private(set) var sentences: [String] = []
    private(set) var more = 0

    private var anomalies: [Anomaly: Int] = [:]
    private var total = 0
    private var missing: [Source: Int] = [:]

    static let most = 100

    var isFull: Bool { sentences.count >= Self.most }

    mutating func add(_ sentence: String) {
        if isFull { more += 1 } else { sentences.append(sentence) }
    }

    mutating func add(line: Int, _ text: String) { add("line \(line): \(text)") }

    /// Looks for an event that cannot have happened, and changes nothing in the board.
    mutating func look(_ board: inout Board, line: Int) {
        guard board.anomalies.total != total else { return }
        total = board.anomalies.total
        guard !isFull else { return }
        let counts = board.anomalies.counts
        for (what, count) in counts where count > anomalies[what] ?? 0 { add(line: line, what.text) }
        anomalies = counts
    }

    /// Looks for events that never arrived.
    mutating func lookForGaps(_ board: Board, lines: Range<Int>) {
        let missing = board.anomalies.missing
        for source in Source.allCases {
            let count = (missing[source] ?? 0) - (self.missing[source] ?? 0)
            guard count > 0 else { continue }
            let events = counted(count, "event")
            add("lines \(lines.lowerBound) to \(lines.upperBound - 1): \(events) of the \(source.rawValue) missing")
        }
        self.missing = missing
    }
}
