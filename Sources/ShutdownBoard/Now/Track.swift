package import ShutdownTrace

/// One station of the track: the order in which a shutdown happens.
package struct Station: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case serving, rotation, listener, draining
        case release(ResourceName)
        case exit
    }

    package enum State: Hashable, Sendable {
        case done, current, ahead
        /// It was skipped, or cut short.
        case failed
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
        var stations: [(kind: Station.Kind, isDone: Bool)] = [
            (.serving, !board.neverServed && (board.stopSignal != nil || board.shutdown.beganAt != nil))
        ]
        if board.isTraced && !board.tellsReleaseOnly || board.rotation.enteredAt != nil {
            // The balancer may have let go while the lead, or somebody who holds the server, goes on.
            let isOut = board.rotation.leftAt != nil && board.phase != .lead
            stations.append((.rotation, isOut || board.resources[.rotation]?.state.isReleased == true))
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
        stations.append((.exit, board.process.isGone))
        let current = stations.firstIndex { !$0.isDone }
        return stations.indices.map { index in
            let station = stations[index]
            let state: Station.State = station.isDone ? .done : index == current ? .current : .ahead
            return Station(kind: station.kind, state: board.process.isGone && !station.isDone ? .failed : state)
        }
    }

    /// Whether the requests are done, and something else that came through the listener is waited for.
    private var isAwaitingConnections: Bool {
        Phase.drainedNames.contains { board.resources[$0]?.state.isReleasing == true }
    }

    private var isDrained: Bool {
        if board.shutdown.drainEndedAt != nil { return !isAwaitingConnections }
        guard board.stopSignal != nil, board.waitedForCount == 0 else { return false }
        guard !board.isTraced, board.process.isGone, !board.neverServed else { return false }
        return !board.requests.fatesAtSignal.keys.contains { $0.isLoss }
    }
}
