import Clients
import Platform
import ShutdownTrace
import Synchronization

/// A lead that is kept up until the balancer has let go of the server: see ``Plan/keepsLead``.
struct KeptLead: Sendable {
    /// The server was told to go on for longer.
    var isLong = false
    /// When it said that it is not ready any more.
    var began: Time?
    var isInRotation = false

    /// What balancer and clients may need beyond the lead.
    fileprivate static let patience = Time.seconds(25)
    /// From a balancer in front to the server itself.
    fileprivate static let margin = Time.seconds(0.1)
}

extension Experiment {
    /// Makes the lead longer than the balancer can need; the signal that begins it is next.
    func lengthenLead() {
        guard plan.keepsLead, let budgets = plan.budgets, !state.withLock({ $0.lead.isLong }) else { return }
        let isTold = tell(.keepLead(budgets.lead + KeptLead.patience))
        state.withLock { $0.lead.isLong = isTold }
    }

    /// Makes it as long as it was meant to be, or as the balancer did need, once that is known.
    func notice(_ event: Event) {
        guard plan.keepsLead, event.instance == 1 else { return }
        let lead = state.withLock { state in
            switch event.kind {
            case .rotationEntered: state.lead.isInRotation = true
            case .rotationLeft: state.lead.isInRotation = false
            case .readinessLowered: state.lead.began = state.lead.began ?? event.time
            default: break
            }
            return state.lead
        }
        guard [.rotationLeft, .readinessLowered].contains(event.kind), lead.isLong, !lead.isInRotation,
            let began = lead.began, let budgets = plan.budgets
        else { return }
        Task {
            // Whoever was sent to the server just before must find it open too.
            let traffic = state.withLock { $0.traffic }
            await traffic?.waitUntilConnected(atMost: KeptLead.patience)
            try await clock.sleep(KeptLead.margin)
            tell(.keepLead(max(budgets.lead, clock.now - began)))
        }
    }
}
