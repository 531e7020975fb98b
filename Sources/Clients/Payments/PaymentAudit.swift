package import ShutdownTrace

/// The payment truth matrix: what each client believes against how many rows the ledger holds.
///
/// | client believes | 0 rows | 1 row | 2 or more |
/// |---|---|---|---|
/// | paid | lost | right | twice |
/// | refused | right | denied | twice |
/// | unknown | right | ambiguous | twice |
package struct PaymentAudit: Hashable, Sendable {
    /// The bad cells.
    enum Flaw: String, Hashable, Sendable {
        case lost, twice, ambiguous, denied

        init?(_ belief: PaymentAttempts.Belief, rows: Int) {
            switch (belief, rows) {
            case (_, 2...): self = .twice
            case (.paid, 0): self = .lost
            case (.unknown, 1): self = .ambiguous
            case (.refused, 1): self = .denied
            default: return nil
            }
        }
    }

    package struct Finding: Hashable, Sendable {
        package var order: Int
        package var belief: PaymentAttempts.Belief
        package var rows: Int
        package var id: Int
        var flaw: Flaw
    }

    package var findings: [Finding] = []
    package var charged = 0
    package var acknowledged = 0
    /// Payments in each cell: a list for paid, refused and unknown, with the counts for 0, 1, and 2 or more rows.
    package var matrix = Array(repeating: [0, 0, 0], count: 3)

    /// - Parameters:
    ///   - beliefs: Of every order that a client tried to pay, with the last request that was sent for it.
    ///   - rows: Payments in the ledger by order.
    package init(beliefs: [Int: (belief: PaymentAttempts.Belief, id: Int)], rows: [Int: Int]) {
        charged = rows.values.reduce(0, +)
        for (order, client) in beliefs.sorted(by: { $0.key < $1.key }) {
            let count = rows[order] ?? 0
            if client.belief == .paid { acknowledged += 1 }
            matrix[client.belief.line][min(count, 2)] += 1
            if let flaw = Flaw(client.belief, rows: count) {
                findings.append(
                    Finding(order: order, belief: client.belief, rows: count, id: client.id, flaw: flaw))
            }
        }
    }

    /// One `payment.audited` for each bad cell, then the sums.
    package var events: [(EventKind, Fields)] {
        findings.map { finding in
            (
                .paymentAudited,
                [
                    .order: .number(finding.order), .belief: .string(finding.belief.rawValue),
                    .rows: .number(finding.rows), .id: .number(finding.id), .cause: .string(finding.flaw.rawValue),
                ]
            )
        } + [
            (
                .ledgerAudited,
                [
                    .charged: .number(charged), .acknowledged: .number(acknowledged), .lost: .number(count(.lost)),
                    .twice: .number(count(.twice)), .ambiguous: .number(count(.ambiguous)),
                    .matrix: .raw(matrixText),
                ]
            )
        ]
    }

    private var matrixText: String {
        "[" + matrix.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }.joined(separator: ",") + "]"
    }

    private func count(_ flaw: Flaw) -> Int { findings.count { $0.flaw == flaw } }
}

extension PaymentAttempts.Belief {
    /// Its line in the matrix.
    fileprivate var line: Int {
        switch self {
        case .paid: 0
        case .refused: 1
        case .unknown: 2
        }
    }
}
