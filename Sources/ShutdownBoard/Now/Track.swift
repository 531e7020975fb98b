package import ShutdownTrace

/// One station of the track: the order in which a shutdown happens.
package struct Station: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case serving, rotation, listener, draining
        case release(ResourceName)
        case exit
    }

    package enum State: Hashable, Sendable {
        /// It lies behind: that says nothing of how it went.
        case passed
        case current, ahead
        /// A later one is reached, and this one is not passed: the balancer still sends requests, for example.
        case late
        /// The process ended before it.
        case missed
    }

    package var kind: Kind
    package var state: State

    package var name: String {
        switch kind {
        case .serving: "serving"
        case .rotation: "out of rotation"
        case .listener: "listener closed"
        case .draining: "draining"
        case .release(let name): name.rawValue
        case .exit: "exit"
        }
    }

    /// The name while it is ``State/late``: what is still so.
    package var lateName: String {
        switch kind {
        case .rotation: "still in rotation"
        case .listener: "still listening"
        case .draining: "still in flight"
        case .serving, .release, .exit: name
        }
    }

    /// The same where there is little room.
    package var shortName: String {
        switch kind {
        case .rotation: "rotation"
        case .listener: "listener"
        case .serving, .draining, .release, .exit: name
        }
    }
}

extension Explainer {
    /// The stations from serving to the exit, for this server.
    package var track: [Station] {
        let stations = stations
        let current = stations.lastIndex { $0.kind == kindNow } ?? stations.firstIndex { !$0.isPassed }
        return stations.enumerated().map { index, station in
            Station(kind: station.kind, state: state(station.kind, station.isPassed, index, current))
        }
    }

    /// Whether a station that is behind the present one, and was not passed, may still be.
    private func canStillHappen(_ kind: Station.Kind) -> Bool { kind != .draining || board.waitedForCount > 0 }

    private func state(_ kind: Station.Kind, _ isPassed: Bool, _ index: Int, _ current: Int?) -> Station.State {
        if isOver { return isPassed ? .passed : .missed }
        guard let current, index != current else { return .current }
        if isPassed { return .passed }
        return index > current ? .ahead : canStillHappen(kind) ? .late : .missed
    }

    /// Whether all of the server is gone.
    private var isOver: Bool { board.process.isGone && board.survivors.isEmpty }

    /// The station that the phase stands at.
    private var kindNow: Station.Kind? {
        switch board.phase {
        case .starting, .serving: .serving
        case .signalled: nil
        case .lead: .rotation
        case .draining: .draining
        case .releasing(let name): .release(name)
        case .exiting, .gone: .exit
        }
    }

    private var stations: [(kind: Station.Kind, isPassed: Bool)] {
        var stations: [(kind: Station.Kind, isPassed: Bool)] = [
            (.serving, !board.neverServed && (board.stopSignal != nil || board.shutdown.beganAt != nil))
        ]
        if board.isTraced && !board.tellsReleaseOnly || board.rotation.enteredAt != nil {
            stations.append((.rotation, isOutOfRotation))
        }
        if board.isTraced || board.listener.closedAt != nil {
            stations.append((.listener, board.listener.closedAt != nil))
        }
        if !board.tellsReleaseOnly { stations.append((.draining, isDrained)) }
        // Printed lines name a step when it begins: the first is the first, and no stack is known.
        let steps = board.anomalies.hasHeard(.server) ? board.resources.stack.reversed() : board.resources.stack
        for resource in steps where !Phase.drainedNames.contains(resource.name) && resource.name != .scheduler {
            stations.append((.release(resource.name), resource.state.isReleased))
        }
        return stations + [(.exit, isOver)]
    }

    /// Whether the balancer let go of the server before its exit; without a balancer, whether the server said that it is not
    /// ready.
    private var isOutOfRotation: Bool {
        guard board.rotation.enteredAt != nil else { return board.resources[.rotation]?.state.isReleased == true }
        guard let left = board.rotation.leftAt, !board.rotation.isIn else { return false }
        return board.process.exit.map { left <= $0.at } ?? true
    }

    /// Whether the requests are done, and something else that came through the listener is waited for.
    private var isAwaitingConnections: Bool {
        Phase.drainedNames.contains { board.resources[$0]?.state.isReleasing == true }
    }

    private var isDrained: Bool {
        if board.shutdown.drainEndedAt != nil { return !isAwaitingConnections }
        guard board.stopSignal != nil, board.waitedForCount == 0 else { return false }
        guard !board.isTraced, board.process.isGone || board.phase == .exiting, !board.neverServed else { return false }
        return !board.requests.fatesAtSignal.keys.contains { $0.isLoss }
    }
}
