/// The server's database, as the server tells of it.
///
/// `open` counts the transactions that are open now.
public enum LedgerEvent: Hashable, Sendable {
    case began(id: Int?, open: Int?)
    case committed(id: Int?, open: Int?)
    case rolledBack(id: Int?, open: Int?, cause: String?)
    /// Somebody used the ledger after it began to close.
    case refused(cause: String?)
    /// So many bytes of the write-ahead log were moved into the database.
    case checkpointed(bytes: Int?)
    case closed(open: Int?)
}

extension LedgerEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        let id = fields.int(.id)
        let open = fields.count(.open)
        switch kind {
        case .transactionBegan: self = .began(id: id, open: open)
        case .transactionCommitted: self = .committed(id: id, open: open)
        case .transactionRolledBack: self = .rolledBack(id: id, open: open, cause: fields.string(.cause))
        case .ledgerRefused: self = .refused(cause: fields.string(.cause))
        case .ledgerCheckpointed: self = .checkpointed(bytes: fields.int(.bytes))
        case .ledgerClosed: self = .closed(open: open)
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .began(let id, let open): WireEvent(.transactionBegan, [.id: .number(id), .open: .number(open)])
        case .committed(let id, let open): WireEvent(.transactionCommitted, [.id: .number(id), .open: .number(open)])
        case .rolledBack(let id, let open, let cause):
            WireEvent(.transactionRolledBack, [.id: .number(id), .open: .number(open), .cause: .text(cause)])
        case .refused(let cause): WireEvent(.ledgerRefused, [.cause: .text(cause)])
        case .checkpointed(let bytes): WireEvent(.ledgerCheckpointed, [.bytes: .number(bytes)])
        case .closed(let open): WireEvent(.ledgerClosed, [.open: .number(open)])
        }
    }
}
