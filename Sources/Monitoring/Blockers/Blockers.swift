import ShutdownTrace

/// What may hold a server up, followed from look to look: told when two looks in a row saw it, again when its cause
/// changed, and once more when it is gone.
///
/// What comes and goes between two looks holds nothing up, and a busy server would fill the trace with it.
struct Blockers: Sendable {
    /// One thing that was seen in a look.
    struct Candidate: Hashable, Sendable {
        /// Tells it from everything else of its kind: a socket's cookie, a pid.
        var key: UInt64
        /// Another text where it is told again.
        var state: String
    }

    /// Named at once.
    let limit: Int
    private var before: [UInt64: String] = [:]
    private var told: [UInt64: (state: String, name: String)] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what one look saw, and gives the events that are news.
    ///
    /// - Parameters:
    ///   - seen: The most important first.
    ///   - describe: What is told of one; its `name` is the same as long as its key is.
    /// - Returns: `blocker.gone` and `blocker.seen`.
    mutating func take(
        _ seen: [Candidate], _ describe: (Candidate) -> ObservationEvent.SeenBlocker?
    ) -> [ObservationEvent] {
        let now = Dictionary(seen.map { ($0.key, $0.state) }) { first, _ in first }
        let gone = told.filter { now[$0.key] == nil }.sorted { $0.key < $1.key }
        for (key, _) in gone { told[key] = nil }
        var events = gone.map { ObservationEvent.blockerGone(name: $0.value.name) }
        for candidate in seen where before[candidate.key] == candidate.state {
            guard told[candidate.key]?.state != candidate.state else { continue }
            guard told[candidate.key] != nil || told.count < limit else { continue }
            guard let blocker = describe(candidate) else { continue }
            told[candidate.key] = (candidate.state, blocker.name)
            events.append(.blockerSeen(blocker))
        }
        before = now
        return events
    }
}
