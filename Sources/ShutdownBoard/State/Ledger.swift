public import ShutdownTrace

/// The payments: what the database holds beside what the clients were told.
public struct Ledger: Hashable, Sendable {
    /// Rows that the server says it committed.
    public internal(set) var charged = 0
    /// Orders whose client believes that they are paid.
    public internal(set) var acknowledged = 0
    /// Orders whose client was told no.
    public internal(set) var refused = 0
    /// Orders whose client cannot know.
    public internal(set) var unknown = 0
    /// Answers that repeated an earlier one because the key was known.
    public internal(set) var replayed = 0
    /// Transactions that are open now, and since when.
    public internal(set) var openTransactions: [Int: Time] = [:]
    public internal(set) var closedAt: Time?
    /// Uses of the database after it began to close.
    public internal(set) var misuses = 0
    /// Transactions that began after the database began to close.
    public internal(set) var lateTransactions = 0
    /// Transactions that were open when it was closed.
    public internal(set) var openAtClose = 0
    /// What the database file really held after the exit.
    public internal(set) var audit: Audit?
    /// Every payment by what its client believes and how many rows it has: as the server's events tell it, and after the
    /// exit, once ``isMatrixAudited``, as the database file does.
    public internal(set) var matrix = PaymentMatrix.empty
    public internal(set) var isMatrixAudited = false
    /// Settled payments whose rows may still change the cell in which they stand; at most ``Requests/longestList``.
    var unfinished: [Int: Settled] = [:]
    /// The payments that fell into a bad cell of the truth table.
    public internal(set) var findings: [Finding] = []
    /// Rows of the orders that are not settled yet.
    var open: [Int: Int] = [:]
    /// Orders that were charged more than once, as far as the server's events tell.
    public internal(set) var seenTwice: Set<Int> = []

    struct Settled: Hashable, Sendable {
        var belief: PaymentMatrix.Belief
        var rows: Int
    }

    public struct Audit: Hashable, Sendable {
        public var charged: Int
        public var acknowledged: Int
        public var lost: Int
        public var twice: Int
        public var ambiguous: Int
        /// Why the database could not be read; the counts are 0 then and mean nothing.
        public var failure: String?
    }

    /// One payment on which client and ledger disagree, or may come to.
    public struct Finding: Hashable, Sendable {
        public var order: Int
        /// `paid`, `refused` or `unknown`.
        public var belief: String
        public var rows: Int
        /// The last request that carried it.
        public var request: Int?
        /// `lost`, `twice`, `ambiguous` or `denied`.
        public var cell: String
    }

    /// Charged, and the answer still on its way.
    public var betweenChargeAndAnswer: Int { max(0, charged - acknowledged - unknown) }

    /// Payments of clients that were told no, and that are charged all the same.
    var denied: Int { findings.count { $0.cell == "denied" } }

    public var hasPayments: Bool { charged + acknowledged + unknown + refused > 0 || audit != nil }
}
