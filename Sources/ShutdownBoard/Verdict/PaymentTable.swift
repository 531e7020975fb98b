package import ShutdownTrace

/// The payment truth matrix as a report prints it: every cell, and the payments that stand in a bad one, by name.
package struct PaymentTable: Hashable, Sendable {
    /// What clients believe, with the payments that have 0, 1, and 2 or more rows.
    package struct Row: Hashable, Sendable {
        package var belief: PaymentBelief
        /// Three numbers.
        package var counts: [Int]
        /// What each cell means where somebody stands in it: "44", "1 twice".
        package var cells: [String]
    }

    /// A cell in which no payment should be.
    package struct BadCell: Hashable, Sendable {
        package var belief: PaymentBelief
        /// 0, 1, or 2 for two or more.
        package var rows: Int
        package var meaning: PaymentFlaw
        package var count: Int
        /// The first few of its payments.
        package var payments: [Payment]

        /// "2 twice: order 12 (request 55 charged 8 ms before SIGKILL); order 14; 12 more".
        package var sentence: String {
            let more = count - payments.count
            let names = payments.map(\.sentence) + (more > 0 ? ["\(more.grouped) more"] : [])
            return "\(count.grouped) \(meaning.words): \(names.joined(separator: "; "))"
        }
    }

    /// A payment, and what its requests tell of it.
    package struct Payment: Hashable, Sendable {
        package var order: Int
        /// The requests that carried it, as far as they are remembered: "request 55 charged 8 ms before SIGKILL".
        package var requests: [String]

        var sentence: String { "order \(order)" + (requests.isEmpty ? "" : " (\(requests.joined(separator: ", ")))") }
    }

    package var rows: [Row]
    package var bad: [BadCell]
    /// What the columns are.
    package static let heads = ["client believes", "0 rows", "1 row", "2 or more rows"]

    /// The most payments of a bad cell that are named.
    static let mostNamed = 5
    static let mostRequests = 4
}

extension Judge {
    /// The truth matrix; nil where no payment was made, or nobody has read the ledger.
    package var paymentTable: PaymentTable? {
        guard board.ledger.hasPayments, let audit = board.ledger.audit, audit.failure == nil,
            board.ledger.matrix.total > 0
        else {
            return nil
        }
        let rows = PaymentBelief.allCases.map { belief in
            let counts = (0...2).map { board.ledger.matrix[belief, $0] }
            let cells = counts.enumerated().map { rows, count in
                guard count > 0, let flaw = PaymentFlaw(belief, rows: rows) else { return count.grouped }
                return "\(count.grouped) \(flaw.words)"
            }
            return PaymentTable.Row(belief: belief, counts: counts, cells: cells)
        }
        let bad = rows.flatMap { row in row.counts.indices.compactMap { badCell(row.belief, $0, row.counts[$0]) } }
        return PaymentTable(rows: rows, bad: bad)
    }

    private func badCell(_ belief: PaymentBelief, _ rows: Int, _ count: Int) -> PaymentTable.BadCell? {
        guard count > 0, let meaning = PaymentFlaw(belief, rows: rows) else { return nil }
        let found = board.ledger.findings.filter { $0.told == belief && min($0.rows, 2) == rows }
        let payments = found.prefix(PaymentTable.mostNamed).map { finding in
            PaymentTable.Payment(order: finding.order, requests: tries(of: finding))
        }
        return PaymentTable.BadCell(belief: belief, rows: rows, meaning: meaning, count: count, payments: payments)
    }

    /// What became of each request that carried it, beside the signal that ended the server or asked it to stop.
    private func tries(of finding: RemainsEvent.AuditedPayment) -> [String] {
        var lanes: [Int: Lane] = [:]
        for lane in board.requests.settled + board.requests.lost + board.requests.recent
            + board.requests.inFlight.values
        where lane.order == finding.order {
            lanes[lane.number] = lane
        }
        guard !lanes.isEmpty else { return finding.request.map { ["request \($0)"] } ?? [] }
        let sorted = lanes.values.sorted { $0.number < $1.number }.filter {
            $0.chargedAt != nil || $0.end?.fate.isUnsent != true
        }
        let end = board.signals.sent.last { $0.signal == .kill } ?? board.stopSignal
        return sorted.prefix(PaymentTable.mostRequests).map { lane in
            let what = lane.chargedAt == nil ? "began" : "charged"
            return "request \(lane.id) \(what) \(end.words(beside: lane.chargedAt ?? lane.startedAt))"
        }
    }
}
