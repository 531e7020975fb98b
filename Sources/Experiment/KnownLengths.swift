import ShutdownTrace

/// How long the answers without a marked end were before the signal, to tell a whole one from a part afterwards.
///
/// Only where they were always equal: then one more of that length is whole, and a shorter one is not.
struct KnownLengths: Hashable, Sendable {
    private struct Seen: Hashable {
        var bytes: Int
        var count = 1
        var isSame = true
    }

    private var seen: [String: Seen] = [:]

    /// A target has few paths; a crowd of others is not learned.
    private static let most = 64

    /// Says `answered` or `cut` of an unmarked answer where that is certain, and learns from it before the signal.
    mutating func judge(_ outcome: Outcome, of request: Request, isSignalled: Bool) -> Outcome {
        guard outcome.fate == .unmarked else { return outcome }
        let key = "\(request.method) \(request.path) \(outcome.status ?? 0)"
        let known = seen[key]
        if !isSignalled { learn(key, outcome.bytes) }
        guard let known, known.isSame, known.count > 1 else { return outcome }
        var judged = outcome
        if outcome.bytes == known.bytes { judged.fate = .answered }
        if outcome.bytes < known.bytes, isSignalled { judged.fate = .cut }
        return judged
    }

    private mutating func learn(_ key: String, _ bytes: Int) {
        guard var entry = seen[key] else {
            if seen.count < Self.most { seen[key] = Seen(bytes: bytes) }
            return
        }
        entry.count += 1
        entry.isSame = entry.isSame && entry.bytes == bytes
        seen[key] = entry
    }
}
