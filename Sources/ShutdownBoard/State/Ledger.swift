package import ShutdownTrace

/// The payments: what the database holds beside what the clients were told.
package struct Ledger: Hashable, Sendable {
    /// Rows that the server says it committed.
    package internal(set) var charged = 0
    /// Orders whose client was told that they are paid.
    package internal(set) var acknowledged = 0
    /// Orders whose client was told no.
    package internal(set) var refused = 0
    /// Orders whose client cannot know.
    package internal(set) var unknown = 0
    /// Answers that repeated an earlier one because the key was known.
    package internal(set) var replayed = 0
    /// Transactions that are open now, and since when.
    package internal(set) var openTransactions: [Int: Time] = [:]
    package internal(set) var closedAt: Time?
    /// Uses of the database after it began to close.
    package internal(set) var misuses = 0
    /// Transactions that began after the database began to close.
    package internal(set) var lateTransactions = 0
    /// Transactions that were open when it was closed.
    package internal(set) var openAtClose = 0
    /// What the database file really held after the exit.
    package internal(set) var audit: Audit?
    /// Every payment by what its client believes and how many rows it has.
    ///
    /// The server's events tell it, and after the exit, once ``isMatrixAudited``, the database file does.
    package internal(set) var matrix = PaymentMatrix.empty
    package internal(set) var isMatrixAudited = false
    /// Settled payments whose rows may still change the cell in which they stand; at most ``Requests/longestList``.
    var unfinished: [Int: Settled] = [:]
    /// The payments that fell into a bad cell of the truth table: client and ledger disagree, or may come to.
    package internal(set) var findings: [RemainsEvent.AuditedPayment] = []
    /// The payments that are not settled yet.
    var open: [Int: Open] = [:]
    /// Whether an order was sent with an idempotency key, of those that were sent again or left in doubt; at most
    /// ``Requests/longestList``.
    private(set) var keyed: [Int: Bool] = [:]
    /// Orders that were charged more than once, as far as the server's events tell.
    package internal(set) var seenTwice: Set<Int> = []

    struct Open: Hashable, Sendable {
        var rows = 0
        let isKeyed: Bool
    }

    struct Settled: Hashable, Sendable {
        var belief: PaymentBelief
        var rows: Int
    }

    package struct Audit: Hashable, Sendable {
        package var charged = 0
        package var acknowledged = 0
        package var lost = 0
        package var twice = 0
        package var ambiguous = 0
        /// Why the database could not be read; the counts are 0 then and mean nothing.
        package var failure: String?
    }

    /// Charged, and the answer still on its way.
    package var betweenChargeAndAnswer: Int { max(0, charged - acknowledged - unknown) }

    /// Payments of clients that were told no, and that are charged all the same.
    var denied: Int { findings.count { $0.cell == .denied } }

    package var hasPayments: Bool { charged + acknowledged + unknown + refused > 0 || audit != nil }

    /// Counts a row.
    mutating func charge(_ order: Int) {
        charged += 1
        guard let payment = open[order] else { return chargeLate(order) }
        open[order]?.rows += 1
        if payment.rows > 0 { seenTwice.insert(order) }
    }

    /// Counts a row that came after its client had settled the payment.
    private mutating func chargeLate(_ order: Int) {
        guard var settled = unfinished[order] else { return }
        matrix.move(settled.belief, from: settled.rows, to: settled.rows + 1)
        settled.rows += 1
        unfinished[order] = settled
    }

    /// Remembers whether the server could tell another try from a new payment.
    mutating func noteKey(_ order: Int) {
        guard keyed.count < Requests.longestList, let payment = open[order] else { return }
        keyed[order] = payment.isKeyed
    }

    /// Counts a payment that its client has settled; false for one that is not open.
    mutating func settle(_ order: Int, _ belief: PaymentBelief) -> Bool {
        if belief == .unknown { noteKey(order) }
        guard let rows = open.removeValue(forKey: order)?.rows else { return false }
        switch belief {
        case .paid: acknowledged += 1
        case .refused: refused += 1
        case .unknown: unknown += 1
        }
        matrix.move(belief, to: rows)
        if PaymentFlaw(belief, rows: rows) != nil || rows == 0, unfinished.count < Requests.longestList {
            unfinished[order] = Settled(belief: belief, rows: rows)
        }
        return true
    }

    /// Takes what the database file holds.
    mutating func take(_ told: RemainsEvent.LedgerAudit) {
        audit = Audit(
            charged: told.charged, acknowledged: told.acknowledged, lost: told.lost, twice: told.twice,
            ambiguous: told.ambiguous)
        guard let audited = told.matrix.flatMap(PaymentMatrix.init(counts:)) else { return }
        matrix = audited
        isMatrixAudited = true
    }
}
