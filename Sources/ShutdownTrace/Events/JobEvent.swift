/// A background job, as the server tells of it.
public struct JobEvent: Hashable, Sendable {
    public var id: Int
    public var step: Step

    public enum Step: Hashable, Sendable {
        /// Written to the ledger in the same transaction as its cause.
        case queued(kind: JobKind?)
        case fetched
        case finished(took: Time?)
        /// Handed back to the queue for the next start.
        case returned
        /// Neither finished nor handed back.
        case abandoned(cause: String?)
    }

    public init(_ id: Int, _ step: Step) {
        self.id = id
        self.step = step
    }
}

extension JobEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        id = try fields.needInt(.id)
        switch kind {
        case .jobQueued: step = .queued(kind: fields.word(.kind))
        case .jobFetched: step = .fetched
        case .jobFinished: step = .finished(took: fields.time(.took))
        case .jobReturned: step = .returned
        case .jobAbandoned: step = .abandoned(cause: fields.string(.cause))
        default: return nil
        }
    }

    var wire: WireEvent {
        let id: Fields.Value? = .number(id)
        return switch step {
        case .queued(let kind): WireEvent(.jobQueued, [.id: id, .kind: .word(kind)])
        case .fetched: WireEvent(.jobFetched, [.id: id])
        case .finished(let took): WireEvent(.jobFinished, [.id: id, .took: .span(took)])
        case .returned: WireEvent(.jobReturned, [.id: id])
        case .abandoned(let cause): WireEvent(.jobAbandoned, [.id: id, .cause: .text(cause)])
        }
    }
}
