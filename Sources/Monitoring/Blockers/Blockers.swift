import ShutdownTrace

/// Things of one kind that may hold a server up, compared from look to look.
///
/// A thing is reported when two looks in a row saw it, again when its cause changed, and once more when it is gone. What
/// comes and goes between two looks holds nothing up, and would fill the trace of a busy server.
///
/// `State` is what a thing of this kind is reported again for when it changes.
struct Blockers<State: Hashable & Sendable>: Sendable {
    struct Candidate: Hashable, Sendable {
        /// Unique within its kind, such as a socket's cookie or a pid.
        var key: UInt64
        var state: State
    }

    /// The most things that are reported at the same time.
    let limit: Int
    private var before: [UInt64: State] = [:]
    private var told: [UInt64: (state: State, name: String)] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what one look saw, and returns what is new.
    ///
    /// - Parameters:
    ///   - seen: The most important first.
    ///   - describe: Makes the report about a thing; its `name` depends on its key only.
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
