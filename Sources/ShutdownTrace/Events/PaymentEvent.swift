/// The payment for one order: what the client believes of it, and what the server did about it.
public struct PaymentEvent: Hashable, Sendable {
    /// The client's number of the order.
    public var order: Int
    public var step: Step

    public enum Step: Hashable, Sendable {
        /// - `amount`: in cents.
        /// - `key`: the `Idempotency-Key`, if the client sends one.
        case intended(amount: Int?, key: String?)
        /// - `request`: the request that tries again; `attempt` is 2 for the first of them.
        case retried(request: Int?, attempt: Int?)
        /// - `request`: the last request that was sent for the order.
        case settled(PaymentBelief, request: Int?)
        /// The row is committed.
        case charged(row: Int?)
        /// The key was known: the first answer was given again, and no row was added.
        case replayed(row: Int?)
    }

    public init(order: Int, _ step: Step) {
        self.order = order
        self.step = step
    }
}

extension PaymentEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        order = try fields.needInt(.order)
        let id = fields.int(.id)
        switch kind {
        case .paymentIntended: step = .intended(amount: fields.int(.amount), key: fields.string(.key))
        case .paymentRetried: step = .retried(request: id, attempt: fields.int(.attempt))
        case .paymentSettled: step = .settled(fields.word(.belief) ?? .unknown, request: id)
        case .paymentCharged: step = .charged(row: id)
        case .paymentReplayed: step = .replayed(row: id)
        default: return nil
        }
    }

    var wire: WireEvent {
        let order: Fields.Value? = .number(order)
        return switch step {
        case .intended(let amount, let key):
            WireEvent(.paymentIntended, [.order: order, .amount: .number(amount), .key: .text(key)])
        case .retried(let request, let attempt):
            WireEvent(.paymentRetried, [.order: order, .id: .number(request), .attempt: .number(attempt)])
        case .settled(let belief, let request):
            WireEvent(.paymentSettled, [.order: order, .belief: .word(belief), .id: .number(request)])
        case .charged(let row): WireEvent(.paymentCharged, [.order: order, .id: .number(row)])
        case .replayed(let row): WireEvent(.paymentReplayed, [.order: order, .id: .number(row)])
        }
    }
}
