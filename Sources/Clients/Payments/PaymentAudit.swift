package import ShutdownTrace

/// The payment truth matrix: what each client believes, compared with the number of rows in the ledger.
///
/// | client believes | 0 rows | 1 row | 2 or more |
/// |---|---|---|---|
/// | paid | lost | right | twice |
/// | refused | right | denied | twice |
/// | unknown | right | ambiguous | twice |
package struct PaymentAudit: Hashable, Sendable {
    package var findings: [RemainsEvent.AuditedPayment] = []
    package var charged = 0
    package var acknowledged = 0
    /// Payments in each cell: a list for paid, refused and unknown, with the counts for 0, 1, and 2 or more rows.
    package var matrix = Array(repeating: [0, 0, 0], count: 3)

    /// Compares the belief about each order with the number of its rows.
    package init(beliefs: [Int: PaymentBook.Entry], rows: [Int: Int]) {
        charged = rows.values.reduce(0, +)
        for (order, client) in beliefs.sorted(by: { $0.key < $1.key }) {
            let count = rows[order] ?? 0
            if client.belief == .paid { acknowledged += 1 }
            matrix[client.belief.line][min(count, 2)] += 1
            if let flaw = PaymentFlaw(client.belief, rows: count) {
                findings.append(
                    .init(order: order, belief: client.belief, rows: count, request: client.request, flaw: flaw))
            }
        }
    }

    package var events: [RemainsEvent] {
        findings.map(RemainsEvent.paymentAudited) + [
            .ledgerAudited(
                .init(
                    charged: charged, acknowledged: acknowledged, lost: count(.lost), twice: count(.twice),
                    ambiguous: count(.ambiguous), matrix: matrix))
        ]
    }

    private func count(_ flaw: PaymentFlaw) -> Int { findings.count { $0.flaw == flaw } }
}

extension PaymentBelief {
    fileprivate var line: Int {
        switch self {
        case .paid: 0
        case .refused: 1
        case .unknown: 2
        }
    }
}
