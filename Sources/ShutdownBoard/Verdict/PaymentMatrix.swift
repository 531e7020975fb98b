/// The payment truth matrix: what each client believes of its payment against how many rows the ledger holds for it.
///
/// | client believes | 0 rows | 1 row | 2 or more |
/// |---|---|---|---|
/// | paid | lost | right | twice |
/// | refused | right | denied | twice |
/// | unknown | right | ambiguous | twice |
public struct PaymentMatrix: Hashable, Sendable {
    /// What a client believes of its payment.
    public enum Belief: String, Hashable, Sendable, CaseIterable {
        case paid, refused, unknown

        /// What the client was told.
        public var words: String { self == .unknown ? "no answer" : rawValue }
    }

    /// What a cell means.
    public enum Meaning: String, Hashable, Sendable {
        /// Client and ledger agree.
        case right
        /// The client was told that it is paid, and there is no row.
        case lost
        /// The client was told no, and there is a row.
        case denied
        /// The client cannot know, and there is a row: a retry without its key charges twice.
        case ambiguous
        /// More than one row.
        case twice

        /// In a word or two.
        public var words: String { self == .ambiguous ? "in doubt" : rawValue }
    }

    /// Payments in each cell, a line for each ``Belief`` in its order, and in it 0, 1, and 2 or more rows.
    public internal(set) var counts: [[Int]]

    static let empty = PaymentMatrix(counts: Array(repeating: [0, 0, 0], count: 3))

    init(counts: [[Int]]) { self.counts = counts }

    /// Reads `[[1,2,3],[4,5,6],[7,8,9]]`; nil for anything else, and for a negative number.
    init?(json text: String) {
        let lines = text.filter { !$0.isWhitespace }.split(separator: "]", omittingEmptySubsequences: true)
        let rows = lines.map { line in
            line.drop { $0 == "[" || $0 == "," }.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        }
        let counts = rows.map { $0.compactMap { $0 }.filter { (0...(1 << 40)).contains($0) } }
        guard counts.count == 3, rows.allSatisfy({ $0.count == 3 }), counts.allSatisfy({ $0.count == 3 }) else {
            return nil
        }
        self.counts = counts
    }

    public subscript(belief: Belief, rows: Int) -> Int { counts[belief.index][min(max(0, rows), 2)] }

    public static func meaning(_ belief: Belief, rows: Int) -> Meaning {
        switch (belief, rows) {
        case (_, 2...): .twice
        case (.paid, 1), (.refused, ..<1), (.unknown, ..<1): .right
        case (.paid, _): .lost
        case (.refused, _): .denied
        case (.unknown, _): .ambiguous
        }
    }

    /// Payments over all cells.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    mutating func move(_ belief: Belief, from: Int? = nil, to rows: Int) {
        if let from { counts[belief.index][min(from, 2)] -= 1 }
        counts[belief.index][min(rows, 2)] += 1
    }
}

extension PaymentMatrix.Belief {
    fileprivate var index: Int {
        switch self {
        case .paid: 0
        case .refused: 1
        case .unknown: 2
        }
    }
}

extension Ledger.Finding {
    /// The cell that it stands in; nil for one that is right.
    public var meaning: PaymentMatrix.Meaning? {
        guard let belief = PaymentMatrix.Belief(rawValue: belief) else { return nil }
        let meaning = PaymentMatrix.meaning(belief, rows: rows)
        return meaning == .right ? nil : meaning
    }
}

extension Ledger {
    /// Counts a payment that its client has made up its mind about.
    mutating func settle(_ order: Int, _ belief: PaymentMatrix.Belief, rows: Int) {
        matrix.move(belief, to: rows)
        guard PaymentMatrix.meaning(belief, rows: rows) != .right || rows == 0 else { return }
        guard unfinished.count < Requests.longestList else { return }
        unfinished[order] = Settled(belief: belief, rows: rows)
    }

    /// Counts a row that came after its client had made up its mind.
    mutating func chargeLate(_ order: Int) {
        guard var settled = unfinished[order] else { return }
        matrix.move(settled.belief, from: settled.rows, to: settled.rows + 1)
        settled.rows += 1
        unfinished[order] = settled
    }
}
