package import ShutdownTrace

/// The payment truth matrix: what each client believes of its payment against how many rows the ledger holds for it.
///
/// ``PaymentFlaw`` says what each cell means.
package struct PaymentMatrix: Hashable, Sendable {
    /// Payments in each cell, a line for each belief in its order, and in it 0, 1, and 2 or more rows.
    package private(set) var counts: [[Int]]

    static let empty = PaymentMatrix()

    private init() { counts = Array(repeating: [0, 0, 0], count: PaymentBelief.allCases.count) }

    /// Nil for anything but three lines of three counts.
    init?(counts: [[Int]]) {
        guard counts.map(\.count) == Self.empty.counts.map(\.count) else { return nil }
        self.counts = counts
    }

    package subscript(belief: PaymentBelief, rows: Int) -> Int { counts[belief.index][min(max(0, rows), 2)] }

    /// Payments over all cells.
    package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    mutating func move(_ belief: PaymentBelief, from: Int? = nil, to rows: Int) {
        if let from { counts[belief.index][min(from, 2)] -= 1 }
        counts[belief.index][min(rows, 2)] += 1
    }
}

extension PaymentBelief {
    fileprivate var index: Int {
        switch self {
        case .paid: 0
        case .refused: 1
        case .unknown: 2
        }
    }

    /// What the client was told.
    package var words: String { self == .unknown ? "no answer" : rawValue }
}

extension PaymentFlaw {
    /// In a word or two.
    package var words: String { self == .ambiguous ? "in doubt" : rawValue }
}

extension RemainsEvent.AuditedPayment {
    /// What its client believes: unknown, where the trace does not say.
    package var told: PaymentBelief { belief ?? .unknown }

    /// The cell that it stands in, as the trace says or else by the table; nil for one that is right.
    package var cell: PaymentFlaw? { flaw ?? PaymentFlaw(told, rows: rows) }
}
