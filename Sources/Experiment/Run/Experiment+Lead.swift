import Clients
import Platform
import ShutdownTrace
import Synchronization

/// A lead that goes on until the balancer has taken the server out of rotation: see ``Plan/keepsLead``.
struct KeptLead: Hashable, Sendable {
    /// The server was told to go on for longer.
    var isLong = false
    /// When the server reported that it is not ready any more.
    private var began: Time?
    private var isInRotation = false

    /// What balancer and clients may need beyond the lead.
    static let patience = Time.seconds(25)
    /// What a connection may need from a balancer in front to the server itself.
    static let margin = Time.seconds(0.1)

    /// Takes an event of the judged server or its balancer; returns when the lead began once it may end.
    mutating func take(_ event: Event) -> Time? {
        switch event.kind {
        case .rotationEntered: isInRotation = true
        case .rotationLeft: isInRotation = false
        case .readinessLowered: began = began ?? event.time
        default: return nil
        }
        return isLong && !isInRotation && event.kind != .rotationEntered ? began : nil
    }
}

extension Experiment {
    /// Makes the lead longer than the balancer can need; the signal that begins it is next.
    func lengthenLead() {
        guard plan.keepsLead, let budgets = plan.budgets, !state.withLock({ $0.lead.isLong }) else { return }
        let isTold = tell(.keepLead(budgets.lead + KeptLead.patience))
        state.withLock { $0.lead.isLong = isTold }
    }

    /// Makes the lead as long as it was meant to be, or as the balancer did need, once that is known.
    func notice(_ event: Event) {
        guard plan.keepsLead, event.instance == 1, let began = state.withLock({ $0.lead.take(event) }),
            let budgets = plan.budgets
        else { return }
        Task {
            // Clients that were sent to the server just before must find it open too.
            await traffic?.waitUntilConnected(atMost: KeptLead.patience)
            try await clock.sleep(KeptLead.margin)
            tell(.keepLead(max(budgets.lead, clock.now - began)))
        }
    }
}
