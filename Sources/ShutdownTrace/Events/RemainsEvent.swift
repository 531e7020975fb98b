/// What was found after the exit.
public enum RemainsEvent: Hashable, Sendable {
    case portProbed(port: Int?, PortAnswer?)
    case fileLeft(file: String, bytes: Int?)
    /// A payment in a bad cell of the truth table.
    case paymentAudited(AuditedPayment)
    case ledgerAudited(LedgerAudit)
    /// The ledger could not be read.
    case ledgerUnreadable(cause: String)
    /// So many lines are in the file; `lost` were reported as written and are not there.
    case logAudited(lines: Int?, lost: Int?)

    /// A payment in a bad cell of the truth table.
    public struct AuditedPayment: Hashable, Sendable {
        public var order: Int
        public var belief: PaymentBelief?
        /// Rows in the ledger.
        public var rows: Int
        /// The last request that was sent for the order.
        public var request: Int?
        public var flaw: PaymentFlaw?

        public init(order: Int, belief: PaymentBelief?, rows: Int, request: Int?, flaw: PaymentFlaw?) {
            self.order = order
            self.belief = belief
            self.rows = rows
            self.request = request
            self.flaw = flaw
        }
    }

    /// The sums of the payment truth table.
    public struct LedgerAudit: Hashable, Sendable {
        public var charged: Int
        public var acknowledged: Int
        public var lost: Int
        public var twice: Int
        public var ambiguous: Int
        /// Payments in each cell: a list for each ``PaymentBelief``, with the counts for 0, 1, and 2 or more rows.
        public var matrix: [[Int]]?

        public init(
            charged: Int, acknowledged: Int, lost: Int, twice: Int, ambiguous: Int, matrix: [[Int]]? = nil
        ) {
            self.charged = charged
            self.acknowledged = acknowledged
            self.lost = lost
            self.twice = twice
            self.ambiguous = ambiguous
            self.matrix = matrix
        }
    }
}

/// What a port answered after the exit.
public enum PortAnswer: Hashable, Sendable, RawRepresentable {
    /// Nobody listens: the port is free.
    case refused
    /// Somebody took the connection.
    case accepts
    /// Another error, in words.
    case other(String)

    public init(rawValue: String) {
        switch rawValue {
        case "refused": self = .refused
        case "accepts": self = .accepts
        default: self = .other(rawValue)
        }
    }

    public var rawValue: String {
        switch self {
        case .refused: "refused"
        case .accepts: "accepts"
        case .other(let text): text
        }
    }
}

extension RemainsEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        switch kind {
        case .portProbed: self = .portProbed(port: fields.int(.port), fields.word(.answer))
        case .fileLeft: self = .fileLeft(file: fields.string(.file) ?? "", bytes: fields.count(.bytes))
        case .paymentAudited: self = .paymentAudited(try AuditedPayment(fields))
        case .ledgerAudited:
            if let cause = fields.string(.cause) {
                self = .ledgerUnreadable(cause: cause)
            } else {
                self = .ledgerAudited(LedgerAudit(fields))
            }
        case .logAudited: self = .logAudited(lines: fields.count(.lines), lost: fields.count(.lost))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .portProbed(let port, let answer):
            WireEvent(.portProbed, [.port: .number(port), .answer: .word(answer)])
        case .fileLeft(let file, let bytes): WireEvent(.fileLeft, [.file: .text(file), .bytes: .number(bytes)])
        case .paymentAudited(let payment): payment.wire
        case .ledgerAudited(let audit): audit.wire
        case .ledgerUnreadable(let cause): WireEvent(.ledgerAudited, [.cause: .text(cause)])
        case .logAudited(let lines, let lost):
            WireEvent(.logAudited, [.lines: .number(lines), .lost: .number(lost)])
        }
    }
}

extension RemainsEvent.AuditedPayment {
    fileprivate init(_ fields: Fields) throws(Payload.Missing) {
        self.init(
            order: try fields.needInt(.order), belief: fields.word(.belief), rows: fields.count(.rows) ?? 0,
            request: fields.int(.id), flaw: fields.word(.cause))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .paymentAudited,
            [
                .order: .number(order), .belief: .word(belief), .rows: .number(rows), .id: .number(request),
                .cause: .word(flaw),
            ])
    }
}

extension RemainsEvent.LedgerAudit {
    fileprivate init(_ fields: Fields) {
        self.init(
            charged: fields.count(.charged) ?? 0, acknowledged: fields.count(.acknowledged) ?? 0,
            lost: fields.count(.lost) ?? 0, twice: fields.count(.twice) ?? 0,
            ambiguous: fields.count(.ambiguous) ?? 0, matrix: fields.table(.matrix))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .ledgerAudited,
            [
                .charged: .number(charged), .acknowledged: .number(acknowledged), .lost: .number(lost),
                .twice: .number(twice), .ambiguous: .number(ambiguous), .matrix: matrix.map { .table($0) },
            ])
    }
}
