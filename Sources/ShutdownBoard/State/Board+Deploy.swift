internal import ShutdownTrace

/// The part of the fold that is about a deploy, and what the board knows of its instances.
extension Board {
    /// Notes what an event says of the instances of a deploy, whichever of them it is about.
    mutating func noteDeploy(_ payload: Payload, _ event: Event) {
        guard deploy != nil else { return }
        switch payload {
        case .balancer(.rotationEntered):
            deploy?.update(event.instance) { $0.isInRotation = true }
            if event.instance > 1, deploy?.successorInAt == nil { deploy?.successorInAt = event.time }
        case .balancer(.rotationLeft): deploy?.update(event.instance) { $0.isInRotation = false }
        case .request(.finished(let finished)) where event.source == .client:
            deploy?.count(finished.fate == .answered, by: event.namedInstance)
        default: break
        }
    }

    mutating func fold(_ told: DeployEvent, _ event: Event) throws(Rejection) {
        let time = event.time
        switch told {
        case .began:
            guard deploy == nil else { throw Rejection.happenedBefore }
            // The first one has been serving all the while.
            var begun = Deploy(beganAt: time, servedBefore: traffic.fates[.answered] ?? 0)
            begun.update(1) { [process, rotation, served = begun.servedBefore] in
                $0.take(process)
                $0.isInRotation = rotation.isIn
                $0.served = served
            }
            deploy = begun
        case .ended: deploy?.endedAt = time
        case .spawned(let pid, let port, _):
            try requireDeploy()
            if event.instance == 2 { deploy?.isRestart = process.isGone }
            deploy?.update(event.instance) {
                $0.pid = pid
                $0.port = port
                $0.state = .starting(since: time)
            }
        case .serving:
            try requireDeploy()
            deploy?.update(event.instance) { $0.state = .serving(since: time) }
        case .exited(let status):
            try requireDeploy()
            deploy?.update(event.instance) {
                if let status { $0.state = .gone(status, at: time) }
                $0.isInRotation = false
            }
        }
    }

    private func requireDeploy() throws(Rejection) {
        guard deploy != nil else { throw Rejection.lacks(.deployBegan) }
    }

    /// The instances as they stand now: the first one from what the board knows of it.
    package var instances: [Deploy.Instance] {
        guard var deploy else { return [] }
        deploy.update(1) { [process] in
            $0.take(process)
            if process.isRunOver { $0.isInRotation = false }
        }
        return deploy.instances
    }

    /// Whether the judged server is gone, and clients go on behind another instance: a verdict would be early.
    package var isReplacing: Bool {
        process.isGone && !process.isRunOver && deploy.map { $0.endedAt == nil } ?? false
    }

    /// Requests in flight for which the judged server is responsible.
    package var waitedForCount: Int {
        requests.inFlight.values.count(where: isWaitedFor)
    }

    /// Whether this request is one that the judged server has, as far as anybody can tell.
    ///
    /// In a deploy, what comes after the signal may be at another instance.
    func isWaitedFor(_ lane: Lane) -> Bool { lane.serverDoneAt == nil && isOurs(lane) }

    /// Whether the judged server has this request or answered it, as far as anybody can tell.
    func isOurs(_ lane: Lane) -> Bool {
        deploy == nil || lane.instance == 1 || lane.instance == nil && lane.wasInFlightAtSignal
    }
}
