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
        var cause: String
    }

    /// Named at once.
    let limit: Int
    private var before: [UInt64: String] = [:]
    private var told: [UInt64: (cause: String, name: String)] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what one look saw, and gives the events that are news.
    ///
    /// - Parameters:
    ///   - seen: The most important first.
    ///   - describe: The fields of one that is told; among them its `name`, the same as long as its key is.
    /// - Returns: `blocker.seen` and `blocker.gone` with their fields.
    mutating func take(
        _ seen: [Candidate], _ describe: (Candidate) -> Fields
    ) -> [(kind: EventKind, fields: Fields)] {
        let now = Dictionary(seen.map { ($0.key, $0.cause) }) { first, _ in first }
        let gone = told.filter { now[$0.key] == nil }.sorted { $0.key < $1.key }
        for (key, _) in gone { told[key] = nil }
        var events = gone.map { (kind: EventKind.blockerGone, fields: [.name: .string($0.value.name)] as Fields) }
        for candidate in seen where before[candidate.key] == candidate.cause {
            guard told[candidate.key]?.cause != candidate.cause else { continue }
            guard told[candidate.key] != nil || told.count < limit else { continue }
            let fields = describe(candidate)
            told[candidate.key] = (candidate.cause, fields.string(.name) ?? "")
            events.append((.blockerSeen, fields))
        }
        before = now
        return events
    }
}
