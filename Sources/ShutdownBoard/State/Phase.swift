internal import ShutdownTrace

/// Where a run stands, in one word.
public enum Phase: Hashable, Sendable {
    case starting
    case serving
    /// A signal was sent, and nothing shows yet that it arrived.
    case signalled
    /// Readiness is down, and traffic is still served until the balancer has noticed.
    case lead
    /// The listener is closed, or is expected to be; what is in flight is being finished.
    case draining
    /// A resource below the listener is being released.
    case releasing(String)
    /// Everything is released, or nothing more can be seen from outside, and the process is still there.
    case exiting
    case gone

    /// The word at the right of the first line.
    public var word: String {
        switch self {
        case .starting: "STARTING"
        case .serving: "SERVING"
        case .signalled: "SIGNALLED"
        case .lead: "LEAVING ROTATION"
        case .draining: "DRAINING"
        case .releasing(let name): "RELEASING \(name.uppercased())"
        case .exiting: "EXITING"
        case .gone: "GONE"
        }
    }
}

extension Board {
    public var phase: Phase {
        switch process.state {
        case .gone: return .gone
        case .starting: return shutdownPhase ?? (stopSignal == nil ? .starting : .signalled)
        case .absent where resources.stack.isEmpty && requests.inFlight.isEmpty && stopSignal == nil:
            // Who writes a log runs.
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
            // Who tells of its services only drains by releasing them.
            if tellsReleaseOnly, waitedForCount == 0, let name = resources.releasing?.name { return .releasing(name) }
            // Who says nothing of readiness says nothing of a lead.
            let hasLead = !tellsReleaseOnly && anomalies.hasHeard(.server) || rotation.readinessLoweredAt != nil
            return hasLead && shutdown.drainBeganAt == nil && listener.closedAt == nil ? .lead : .draining
        }
        let next = resources.releasing ?? resources.stack.last { !$0.state.isReleased }
        guard let next else { return .exiting }
        return Self.drainedNames.contains(next.name) ? .draining : .releasing(next.name)
    }

    /// Whether the server's own events are about what it acquires and releases, and not about readiness and the drain: as
    /// any application of services tells them.
    public var tellsReleaseOnly: Bool {
        guard anomalies.hasHeard(.server), !resources.stack.isEmpty else { return false }
        // Before that, all of it may still come.
        guard process.hasServed || !anomalies.hasHeard(.supervisor) && shutdown.beganAt != nil else { return false }
        return rotation.readinessRaisedAt == nil && rotation.readinessLoweredAt == nil && shutdown.drainBeganAt == nil
            && budgets == nil
    }

    /// Whether the requests are done, and something else that came through the listener is waited for.
    private var isAwaitingConnections: Bool {
        Self.drainedNames.contains { if case .releasing? = resources[$0]?.state { true } else { false } }
    }

    /// The resources that are released by the drain itself.
    static let drainedNames: Set<String> = ["rotation", "listener", "websockets"]
}

/// One station of the track: the order in which a shutdown happens.
public struct Station: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case done, current, ahead
        /// It was skipped, or cut short.
        case failed
    }

    public var name: String
    public var state: State
}

extension Board {
    /// The stations from serving to the exit, for this server.
    public var track: [Station] {
        var stations: [(name: String, isDone: Bool)] = [
            ("serving", !neverServed && (stopSignal != nil || shutdown.beganAt != nil))
        ]
        if isTraced && !tellsReleaseOnly || rotation.enteredAt != nil {
            // The balancer may have let go while the lead, or somebody who holds the server, goes on.
            let isOut = rotation.leftAt != nil && phase != .lead
            stations.append(("out of rotation", isOut || resources["rotation"]?.state.isReleased == true))
        }
        if isTraced || listener.closedAt != nil { stations.append(("listener closed", listener.closedAt != nil)) }
        if !tellsReleaseOnly { stations.append(("draining", isDrained)) }
        // Printed lines name a step when it begins: the first is the first, and no stack is known.
        let steps = anomalies.hasHeard(.server) ? resources.stack.reversed() : resources.stack
        for resource in steps where !Self.drainedNames.contains(resource.name) {
            guard resource.name != "scheduler" else { continue }
            stations.append((resource.name, resource.state.isReleased))
        }
        stations.append(("exit", process.isGone))
        let current = stations.firstIndex { !$0.isDone }
        return stations.indices.map { index in
            let station = stations[index]
            let state: Station.State = station.isDone ? .done : index == current ? .current : .ahead
            return Station(name: station.name, state: process.isGone && !station.isDone ? .failed : state)
        }
    }

    private var isDrained: Bool {
        if shutdown.drainEndedAt != nil { return !isAwaitingConnections }
        guard stopSignal != nil, waitedForCount == 0 else { return false }
        guard !isTraced, process.isGone, !neverServed else { return false }
        return !requests.fatesAtSignal.keys.contains { $0.isLoss }
    }
}
