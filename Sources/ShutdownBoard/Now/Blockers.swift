public import ShutdownTrace

/// Something that keeps the server from leaving, named by its cause.
public struct Blocker: Hashable, Sendable {
    /// "817", "websocket 4", "job 12".
    public var subject: String
    /// "in handler", "client reads slowly", "does not answer the Close frame".
    public var cause: String
    public var lasted: Time
    /// Subject and cause in at most 16 columns or so, for a narrow pane: "817 half sent".
    public var brief: String

    init(subject: String, cause: String, lasted: Time, brief: String? = nil) {
        (self.subject, self.cause, self.lasted) = (subject, cause, lasted)
        self.brief = brief ?? "\(subject) \(cause)"
    }
}

extension Board {
    /// What holds the shutdown up at `now`, the oldest first; empty while the server serves.
    public func blockers(at now: Time, limit: Int = 8) -> [Blocker] {
        guard stopSignal != nil || shutdown.beganAt != nil, !process.isGone else { return [] }
        var blockers: [Blocker] = []
        if let since = process.frozenSince {
            blockers.append(
                Blocker(
                    subject: "the process", cause: "is frozen (SIGSTOP)", lasted: now - since, brief: "frozen (SIGSTOP)"
                ))
        }
        if let since = gate.heldSince {
            blockers.append(
                Blocker(subject: "the gate", cause: "is held", lasted: now - since))
        }
        blockers += sightings(at: now) { ["stopped", "uninterruptible"].contains($0.cause) }
        let lanes = requests.oldest(deploy == nil ? limit : 512).filter(isWaitedFor).prefix(limit)
        blockers += lanes.map { lane in
            let cause = cause(of: lane)
            return Blocker(
                subject: isTraced ? String(lane.id) : lane.label, cause: cause.long, lasted: lane.age(at: now),
                brief: "\(lane.id) \(cause.short)")
        }
        blockers += websockets.told.sorted { $0.key < $1.key }.prefix(limit).map { id, since in
            Blocker(
                subject: "websocket \(id)", cause: "does not answer the Close", lasted: now - since,
                brief: "ws \(id) no Close")
        }
        blockers += jobs.running.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(limit).map { id, since in
            Blocker(subject: "job \(id)", cause: "still running", lasted: now - since, brief: "job \(id) runs")
        }
        blockers += ledger.openTransactions.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(limit).map {
            id, since in
            Blocker(subject: "transaction \(id)", cause: "is open", lasted: now - since, brief: "tx \(id) is open")
        }
        // A connection on which a request is under way has its own line already.
        let isFlying = !requests.inFlight.isEmpty
        let ports = Set(lanes.compactMap(\.port))
        // That a thread sleeps or a file is open explains something only where nothing else does.
        let hasCause = !blockers.isEmpty || openConnections > 0
        blockers += sightings(at: now) { sighting in
            // A server that tells of its door has its reasons to leave it open, a lead for example.
            guard sighting.kind != "listener" || !isTraced else { return false }
            guard !hasCause || sighting.cause != "waits" && sighting.kind != "files" else { return false }
            guard !["stopped", "uninterruptible"].contains(sighting.cause) else { return false }
            guard sighting.kind != "connection" || !ports.contains(sighting.port ?? 0) else { return false }
            guard sighting.cause != "quiet" || isQuietTelling(at: now) else { return false }
            return sighting.kind != "connection" || !isFlying || ["queued", "left", "closing"].contains(sighting.cause)
        }
        return Array(blockers.prefix(limit))
    }

    /// Whether connections with nothing under way may hold the server up: once nobody listens, or after a second.
    private func isQuietTelling(at now: Time) -> Bool {
        guard isUnasked, let signal = stopSignal else { return true }
        return listener.goneAt.map { $0 >= signal.at } ?? false || now - signal.at >= .seconds(1)
    }

    /// What the kernel shows, the longest first.
    func sightings(at now: Time, where isWanted: (Family.Sighting) -> Bool) -> [Blocker] {
        family.blockers.filter { isWanted($0.value) }.sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
            .map { name, seen in
                Blocker(subject: name, cause: words(of: seen), lasted: now - seen.since, brief: seen.brief(name))
            }
    }

    /// Of a connection that no request is on, what its client keeps it for.
    private func words(of sighting: Family.Sighting) -> String {
        guard sighting.kind == "connection", sighting.cause == "quiet", requests.areConnectionsTold else {
            return sighting.words
        }
        return switch listener.kinds[sighting.port ?? 0] {
        case "silent": "never used"
        case "halfSent": "half a request sent"
        default: "idle"
        }
    }

    private func cause(of lane: Lane) -> (long: String, short: String) {
        if lane.cancelledAt != nil { return ("given up by the server", "given up") }
        if lane.chargedAt != nil, lane.answeringAt == nil { return ("charged, not answered yet", "charged") }
        if let port = lane.port, let seen = family.blockers["connection \(port)"], !isTraced, seen.cause != "quiet" {
            return (seen.words, seen.cause)
        }
        if lane.answeringAt != nil || lane.serverDoneAt != nil {
            return isTraced || lane.kind == "slowReader"
                ? ("client reads slowly", "slow reader") : ("its answer has begun", "answering")
        }
        if ["upload", "halfSent"].contains(lane.kind) { return ("half a request sent", "half sent") }
        return isTraced ? ("in handler", "in handler") : ("unanswered", "unanswered")
    }
}
