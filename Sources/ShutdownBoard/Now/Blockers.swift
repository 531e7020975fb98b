package import ShutdownTrace

/// Something that keeps the server from leaving, named by its cause.
package struct Blocker: Hashable, Sendable {
    /// "817", "websocket 4", "job 12".
    package var subject: String
    /// "in handler", "client reads slowly", "does not answer the Close frame".
    package var cause: String
    package var lasted: Time
    /// Subject and cause as a few words, the longest first; the last in at most 16 columns or so: "817 half sent".
    package var forms: [String]
    /// Whether the cause names the subject too.
    var isSentence = false

    init(subject: String, cause: String, lasted: Time, shorter forms: String...) {
        self.subject = subject
        self.cause = cause
        self.lasted = lasted
        self.forms = ["\(subject) \(cause)"] + forms
    }

    /// What the kernel shows, as it stood at a moment.
    init(_ sighting: Family.Sighting, at now: Time, cause: String? = nil) {
        let cause = cause ?? sighting.words
        self.init(
            subject: sighting.blocker.name, cause: cause, lasted: now - sighting.since,
            shorter: "\(sighting.shortName) \(cause)", sighting.brief)
        if case .other = sighting.cause { isSentence = true }
    }
}

extension Explainer {
    /// What holds the shutdown up, the oldest first; empty while the server serves.
    package func blockers(limit: Int = 8) -> [Blocker] {
        guard board.stopSignal != nil || board.shutdown.beganAt != nil, !board.process.isGone else { return [] }
        let requests = board.requests.oldest(512)
        let lanes = requests.filter(board.isWaitedFor).prefix(limit)
        var blockers = interruptions + lanes.map(blocker) + unfinishedWork(limit)
        let hasCause = !blockers.isEmpty || board.openConnections > 0
        let ports = Set(lanes.compactMap(\.port))
        blockers += sightings { sighting in
            switch sighting.cause {
            case .connection(let cause): tells(cause, isShown: sighting.port.map(ports.contains) ?? false)
            // A server that tells of its listener has its reasons to leave it open, a lead for example.
            case .listener: !board.isTraced
            case .process(.stopped), .thread(.uninterruptible): false
            case .process(.alive), .process(.zombie), .other: true
            // That a thread sleeps or a file is open explains something only where nothing else does.
            case .thread(.waits), .files: !hasCause
            }
        }
        return Array(blockers.prefix(limit))
    }

    /// What stops everything else.
    private var interruptions: [Blocker] {
        let frozen: Blocker? = board.process.frozenSince.map {
            let signal = board.process.stopSignalName
            return Blocker(
                subject: "the process", cause: "is frozen (\(signal))", lasted: now - $0, shorter: "frozen (\(signal))")
        }
        let held = board.gate.heldSince.map { Blocker(subject: "the gate", cause: "is held", lasted: now - $0) }
        let stuck = sightings { $0.cause == .process(.stopped) || $0.cause == .thread(.uninterruptible) }
        return [frozen, held].compactMap { $0 } + stuck
    }

    private func blocker(_ lane: Lane) -> Blocker {
        let cause = cause(of: lane)
        return Blocker(
            subject: board.isTraced ? String(lane.id) : lane.label, cause: cause.long, lasted: lane.age(at: now),
            shorter: "\(lane.id) \(cause.short)")
    }

    /// WebSockets, jobs and transactions: at most `limit` of each.
    private func unfinishedWork(_ limit: Int) -> [Blocker] {
        func oldest(_ work: [Int: Time]) -> some Sequence<(key: Int, value: Time)> {
            work.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(limit)
        }
        return untoldWebSockets(limit)
            + board.websockets.told.sorted { $0.key < $1.key }.prefix(limit).map { id, since in
                Blocker(
                    subject: "websocket \(id)", cause: "does not answer the Close", lasted: now - since,
                    shorter: "ws \(id) no Close")
            }
            + oldest(board.jobs.running).map { id, since in
                Blocker(subject: "job \(id)", cause: "still running", lasted: now - since, shorter: "job \(id) runs")
            }
            + oldest(board.ledger.openTransactions).map { id, since in
                Blocker(
                    subject: "transaction \(id)", cause: "is open", lasted: now - since, shorter: "tx \(id) is open")
            }
    }

    /// WebSockets that the server has not told to close, once it waits for nothing else of its clients.
    private func untoldWebSockets(_ limit: Int) -> [Blocker] {
        guard board.waitedForCount == 0, let since = board.shutdown.drainEndedAt ?? board.stopSignal?.at else {
            return []
        }
        let untold = board.websockets.open.keys.filter {
            board.websockets.told[$0] == nil && !board.websockets.echoed.contains($0)
        }.sorted()
        return untold.prefix(limit).map { id in
            Blocker(
                subject: "websocket \(id)", cause: "open, not told to close", lasted: now - since,
                shorter: "ws \(id) not told", "ws \(id)")
        }
    }

    /// Whether a connection in this state explains anything; `isShown` for one whose request has a line already.
    private func tells(_ cause: BlockerCause.Connection, isShown: Bool) -> Bool {
        guard !isShown else { return false }
        let isFlying = !board.requests.inFlight.isEmpty
        return switch cause {
        case .queued, .left, .closing: true
        case .unread, .unsent: !isFlying
        case .quiet: !isFlying && isQuietTelling
        }
    }

    /// Whether connections with nothing under way may hold the server up: once nobody listens, or after a second.
    private var isQuietTelling: Bool {
        guard board.isUnasked, let signal = board.stopSignal else { return true }
        return board.listener.goneAt.map { $0 >= signal.at } ?? false || now - signal.at >= .seconds(1)
    }

    /// What the kernel shows, the longest first.
    func sightings(where isWanted: (Family.Sighting) -> Bool) -> [Blocker] {
        board.family.blockers.filter { isWanted($0.value) }
            .sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }
            .map { Blocker($0.value, at: now, cause: words(of: $0.value)) }
    }

    /// What the client of a connection without a request keeps it for.
    private func words(of sighting: Family.Sighting) -> String {
        guard sighting.cause == .connection(.quiet) else { return sighting.words }
        return switch board.listener.kinds[sighting.port ?? 0] {
        case .websocket: "a WebSocket"
        case .silent: "never used"
        case .halfSent: "half a request sent"
        case .idle: "idle"
        default: board.requests.areConnectionsTold ? "idle" : sighting.words
        }
    }

    private func cause(of lane: Lane) -> (long: String, short: String) {
        if lane.cancelledAt != nil { return ("given up by the server", "given up") }
        if lane.chargedAt != nil, lane.answeringAt == nil { return ("charged, not answered yet", "charged") }
        if let port = lane.port, !board.isTraced, let seen = board.family.connection(from: port),
            case .connection(let cause) = seen.cause, cause != .quiet
        {
            return (seen.words, cause.rawValue)
        }
        if lane.answeringAt != nil || lane.serverDoneAt != nil {
            return board.isTraced || lane.kind == .slowReader
                ? ("client reads slowly", "slow reader") : ("its answer has begun", "answering")
        }
        if lane.kind == .upload || lane.kind == .halfSent { return ("half a request sent", "half sent") }
        return board.isTraced ? ("in handler", "in handler") : ("unanswered", "unanswered")
    }
}
