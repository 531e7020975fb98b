package import ShutdownTrace

/// The attempts to pay an order: what the client believes of it, and whether the client tries again.
package struct PaymentAttempts: Sendable {
    enum Next: Hashable, Sendable {
        case settle
        case retry(after: Time)
    }

    package static let most = 3

    private let limit: Int
    private let isKeyed: Bool
    private let patience: Double
    package private(set) var count = 0
    private var outcomes: [Fate] = []
    private var isPaid = false

    package init(_ intent: Arrivals.Intent, atMost limit: Int = most) {
        self.limit = limit
        isKeyed = if case .payment(_, keyed: true) = intent.errand { true } else { false }
        patience = intent.patience
    }

    /// One attempt that may have charged leaves the client unsure, whatever the later ones answer.
    package var belief: PaymentBelief {
        if isPaid { return .paid }
        return outcomes.allSatisfy { $0.isSafeToRetry || $0 == .answered } ? .refused : .unknown
    }

    /// Takes how one attempt ended.
    ///
    /// An attempt that cannot have charged is repeated at once. One that may have charged is repeated after a pause, and only
    /// with its key: without one no server can tell the second try from a new payment.
    mutating func take(_ outcome: Outcome) -> Next {
        count += 1
        outcomes.append(outcome.fate)
        if outcome.fate == .answered {
            isPaid = isPaid || (200..<300).contains(outcome.status ?? 0)
            return .settle
        }
        guard count < limit else { return .settle }
        if outcome.fate.isSafeToRetry { return .retry(after: .seconds(0.05 + 0.1 * patience)) }
        return isKeyed ? .retry(after: .seconds(0.3 + 0.7 * patience)) : .settle
    }
}
