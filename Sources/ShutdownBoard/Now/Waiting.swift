package import ShutdownTrace

/// What the server is waiting for, how long that has lasted, and what happens next.
///
/// This is the question that the first lines of the screen always answer.
package struct Waiting: Hashable, Sendable {
    /// "4 requests", "the balancer to notice", "2 jobs".
    package var what: String
    /// The oldest of them, where there is one: "817 POST /payments".
    package var oldest: String?
    /// How long that has lasted.
    package var lasted: Time?
    /// When it is likely done, from now.
    package var likely: Time?
    /// What comes after it: "2 jobs, ledger, log".
    package var next: [String]
}

extension Explainer {
    /// What the server is waiting for; nil while it serves or when it is gone.
    package var waiting: Waiting? {
        if let since = board.process.frozenSince, !board.process.isGone {
            return Waiting(what: "SIGCONT: the process is frozen", lasted: now - since, next: [])
        }
        if let since = board.gate.heldSince, !board.process.isGone {
            return Waiting(
                what: "the gate: held before \(board.gate.boundary)", lasted: now - since, next: nextSteps)
        }
        switch board.phase {
        case .serving: return deployWaiting
        case .gone: return board.isReplacing ? deployWaiting : nil
        case .starting:
            return Waiting(what: board.isUnasked ? "it to listen" : "the first answer of the server", next: ["serving"])
        case .signalled:
            return Waiting(
                what: "any sign that the signal arrived", lasted: board.stopSignal.map { now - $0.at }, next: nextSteps)
        case .lead:
            return Waiting(
                what: board.rotation.leftAt == nil ? "the balancer to notice" : "the lead to end",
                lasted: board.shutdown.beganAt.map { now - $0 }, likely: leadLeft,
                next: [ResourceName.listener.rawValue] + nextSteps)
        case .draining: return drainWaiting
        case .releasing(let name): return releaseWaiting(name)
        case .exiting:
            return Waiting(
                what: "the process to exit", lasted: (board.shutdown.endedAt ?? board.stopSignal?.at).map { now - $0 },
                next: [])
        }
    }

    private var leadLeft: Time? {
        guard let budgets = board.budgets, let began = board.shutdown.beganAt else { return nil }
        return max(.zero, deadline(began, budgets.lead) - now)
    }

    private var drainWaiting: Waiting {
        let count = board.waitedForCount
        guard let oldest = board.requests.oldest(512).first(where: board.isWaitedFor) else {
            if board.openConnections > 0 {
                let oldest = board.family.connections.first
                return Waiting(
                    what: counted(board.openConnections, "connection") + " to close",
                    oldest: oldest?.port.map { "from port \($0)" }, lasted: oldest.map { now - $0.since },
                    next: nextSteps)
            }
            let open = board.websockets.open.count
            guard open > 0 else { return Waiting(what: "the connections to close", next: nextSteps) }
            let since = board.websockets.told.values.min()
            // Whoever was told has to answer; whoever was not told does not know.
            guard since == nil else {
                return Waiting(
                    what: counted(open, "WebSocket") + " to answer the Close", lasted: since.map { now - $0 },
                    next: nextSteps)
            }
            return Waiting(
                what: counted(open, "WebSocket") + ", not told to close",
                lasted: board.shutdown.drainEndedAt.map { now - $0 }, next: nextSteps)
        }
        let forecast = latestForecast.map { max(.zero, $0 - now) }
        return Waiting(
            what: counted(count, "request"), oldest: oldest.label, lasted: oldest.age(at: now), likely: forecast,
            next: nextSteps)
    }

    private func releaseWaiting(_ name: ResourceName) -> Waiting {
        let since = board.resources[name]?.state.releasingSince
        let isWorkers = name == .workers && !board.jobs.running.isEmpty
        return Waiting(
            what: isWorkers ? counted(board.jobs.running.count, "job") : "\(name) to be released",
            lasted: since.map { now - $0 }, next: nextSteps(after: name))
    }

    private var nextSteps: [String] { nextSteps(after: nil) }

    /// What is still to be released after the step that runs, outermost first; `current` is what is waited for.
    private func nextSteps(after current: ResourceName?) -> [String] {
        board.resources.stack.reversed().compactMap { resource in
            guard !resource.state.isReleased, !resource.state.isReleasing, resource.name != current,
                resource.name != .scheduler, !Phase.drainedNames.contains(resource.name)
            else { return nil }
            let jobs = board.jobs.running.count
            if resource.name == .workers { return jobs == 0 ? nil : counted(jobs, "job") }
            return resource.name.rawValue
        }
    }

    /// What a deploy that has begun waits for, beside the shutdown of the first instance; nil for nothing.
    var deployWaiting: Waiting? {
        guard let deploy = board.deploy, deploy.endedAt == nil else { return nil }
        let isGone = board.process.isGone
        let next = isGone ? ["its clients", "the verdict"] : ["SIGTERM for instance 1"]
        switch deploy[2]?.state {
        case nil, .absent: return Waiting(what: "instance 2 to start", lasted: now - deploy.beganAt, next: next)
        case .starting(let since): return Waiting(what: "instance 2 to answer", lasted: now - since, next: next)
        case .serving(let since) where !isGone:
            guard deploy[2]?.isInRotation != true else { return nil }
            return Waiting(what: "the balancer to take instance 2", lasted: now - since, next: next)
        case .serving:
            let open = board.requests.inFlight.count
            return Waiting(
                what: "the clients of instance 2" + (open > 0 ? ", \(open.grouped) in flight" : ""),
                lasted: board.process.exit.map { now - $0.at }, next: ["its end", "the verdict"])
        case .gone: return isGone ? Waiting(what: "the last look", next: ["the verdict"]) : nil
        }
    }
}
