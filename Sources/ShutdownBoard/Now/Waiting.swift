public import ShutdownTrace

/// What the server is waiting for, how long that has lasted, and what happens next.
///
/// This is the question that the first lines of the screen always answer.
public struct Waiting: Hashable, Sendable {
    /// "4 requests", "the balancer to notice", "2 jobs".
    public var what: String
    /// The oldest of them, where there is one: "817 POST /payments".
    public var oldest: String?
    /// How long that has lasted.
    public var lasted: Time?
    /// When it is likely done, from now.
    public var likely: Time?
    /// What comes after it: "2 jobs, ledger, log".
    public var next: [String]
}

extension Board {
    /// What the server is waiting for at `now`; nil while it serves or when it is gone.
    public func waiting(at now: Time) -> Waiting? {
        if process.frozenSince != nil, !process.isGone {
            return Waiting(
                what: "SIGCONT: the process is frozen", lasted: process.frozenSince.map { now - $0 }, next: [])
        }
        if let since = gate.heldSince, !process.isGone {
            return Waiting(
                what: "the gate: held before \(gate.boundary)", lasted: now - since, next: nextSteps)
        }
        switch phase {
        case .serving: return deployWaiting(at: now)
        case .gone: return isReplacing ? deployWaiting(at: now) : nil
        case .starting:
            return Waiting(what: isUnasked ? "it to listen" : "the first answer of the server", next: ["serving"])
        case .signalled:
            return Waiting(
                what: "any sign that the signal arrived", lasted: stopSignal.map { now - $0.at }, next: nextSteps)
        case .lead:
            return Waiting(
                what: rotation.leftAt == nil ? "the balancer to notice" : "the lead to end",
                lasted: shutdown.beganAt.map { now - $0 }, likely: leadLeft(at: now), next: ["listener"] + nextSteps)
        case .draining: return drainWaiting(at: now)
        case .releasing(let name): return releaseWaiting(name, at: now)
        case .exiting:
            return Waiting(
                what: "the process to exit", lasted: (shutdown.endedAt ?? stopSignal?.at).map { now - $0 }, next: [])
        }
    }

    private func leadLeft(at now: Time) -> Time? {
        guard let budgets, let began = shutdown.beganAt else { return nil }
        return max(.zero, deadline(began, budgets.lead, at: now) - now)
    }

    private func drainWaiting(at now: Time) -> Waiting {
        let count = waitedForCount
        guard let oldest = requests.oldest(deploy == nil ? 1 : 512).first(where: isWaitedFor) else {
            if openConnections > 0 {
                let oldest = family.connections.first
                return Waiting(
                    what: counted(openConnections, "connection") + " to close",
                    oldest: oldest?.port.map { "from port \($0)" }, lasted: oldest.map { now - $0.since },
                    next: nextSteps)
            }
            let open = websockets.open.count
            guard open > 0 else { return Waiting(what: "the connections to close", next: nextSteps) }
            let since = websockets.told.values.min()
            return Waiting(
                what: counted(open, "WebSocket") + " to say goodbye", lasted: since.map { now - $0 }, next: nextSteps)
        }
        let forecast = latestForecast.map { max(.zero, $0 - now) }
        return Waiting(
            what: counted(count, "request"), oldest: oldest.label, lasted: oldest.age(at: now), likely: forecast,
            next: nextSteps)
    }

    private func releaseWaiting(_ name: String, at now: Time) -> Waiting {
        var since: Time?
        if case .releasing(let began)? = resources[name]?.state { since = began }
        let isWorkers = name == "workers" && !jobs.running.isEmpty
        return Waiting(
            what: isWorkers ? counted(jobs.running.count, "job") : "\(name) to be released",
            lasted: since.map { now - $0 }, next: nextSteps.filter { $0 != name })
    }

    /// What is still to be released after the step that runs, outermost first.
    private var nextSteps: [String] {
        resources.stack.reversed().compactMap { resource in
            guard !resource.state.isReleased, !Self.drainedNames.contains(resource.name) else { return nil }
            if case .releasing = resource.state { return nil }
            if resource.name == "scheduler" { return nil }
            if resource.name == "workers" { return jobs.running.isEmpty ? nil : counted(jobs.running.count, "job") }
            return resource.name
        }
    }
}
