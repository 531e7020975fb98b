package import ShutdownTrace

/// Where a run stands, in one word.
package enum Phase: Hashable, Sendable {
    case starting
    case serving
    /// A signal was sent, and nothing shows yet that it arrived.
    case signalled
    /// Readiness is down, and traffic is still served until the balancer has noticed.
    case lead
    /// The listener is closed, or is expected to be; what is in flight is being finished.
    case draining
    /// A resource below the listener is being released.
    case releasing(ResourceName)
    /// Everything is released, or nothing more can be seen from outside, and the process is still there.
    case exiting
    case gone

    /// The resources that are released by the drain itself.
    static let drainedNames: Set<ResourceName> = [.rotation, .listener, .websockets]

    /// The word at the right of the first line.
    package var word: String {
        switch self {
        case .starting: "STARTING"
        case .serving: "SERVING"
        case .signalled: "SIGNALLED"
        case .lead: "LEAVING ROTATION"
        case .draining: "DRAINING"
        case .releasing(let name): "RELEASING \(name.rawValue.uppercased())"
        case .exiting: "EXITING"
        case .gone: "GONE"
        }
    }
}

extension Board {
    package var phase: Phase {
        switch process.state {
        case .gone: return .gone
        case .starting: return shutdownPhase ?? (stopSignal == nil ? .starting : .signalled)
        case .absent where resources.stack.isEmpty && requests.inFlight.isEmpty && stopSignal == nil:
            // A server whose log there is has run.
            return shutdownPhase ?? (isImported ? .serving : .starting)
        case .absent, .serving: break
        }
        if let shutdownPhase { return shutdownPhase }
        guard stopSignal != nil else { return .serving }
        if isTraced { return .signalled }
        return waitedForCount == 0 && websockets.open.isEmpty && openConnections == 0 ? .exiting : .draining
    }

    /// What the server's own events say about its shutdown.
    private var shutdownPhase: Phase? {
        guard shutdown.beganAt != nil else { return nil }
        if shutdown.endedAt != nil { return .exiting }
        if shutdown.drainEndedAt == nil {
            // A server that tells of nothing but its services drains by releasing them.
            if tellsReleaseOnly, waitedForCount == 0, let name = resources.releasing?.name { return .releasing(name) }
            // A server that never reports its readiness cannot report a lead either.
            let hasLead = !tellsReleaseOnly && anomalies.hasHeard(.server) || rotation.readinessLoweredAt != nil
            return hasLead && shutdown.drainBeganAt == nil && listener.closedAt == nil ? .lead : .draining
        }
        let next = resources.releasing ?? resources.stack.last { !$0.state.isReleased }
        guard let next else { return .exiting }
        return Phase.drainedNames.contains(next.name) ? .draining : .releasing(next.name)
    }

    /// Whether the server's own events are about what it acquires and releases, and not about readiness and the drain: as
    /// any application of services tells them.
    package var tellsReleaseOnly: Bool {
        guard anomalies.hasHeard(.server), !resources.stack.isEmpty else { return false }
        // Before that, all of it may still come.
        guard process.hasServed || !anomalies.hasHeard(.supervisor) && shutdown.beganAt != nil else { return false }
        return rotation.readinessRaisedAt == nil && rotation.readinessLoweredAt == nil && shutdown.drainBeganAt == nil
            && budgets == nil
    }
}
