import ShutdownTrace

/// What the answers to each request were before the signal, to know a wrong one afterwards, and a part from a whole.
///
/// A handler that was given up answers 404, or 200 without a body: whole, and worth nothing to its client.
struct KnownAnswers: Hashable, Sendable {
    fileprivate struct Seen: Hashable {
        var statuses: Set<Int> = []
        var count = 0
        var sizes = 0...0
        var digest: Int?
        var isSame = true

        /// Whether there were so many, all of this length.
        var isEven: Bool { count > 1 && sizes.lowerBound == sizes.upperBound }

        mutating func learn(_ outcome: Outcome) {
            let isFirst = count == 0
            count += 1
            isSame = outcome.digest != nil && (isFirst || isSame && digest == outcome.digest)
            digest = outcome.digest
            let (low, high) = isFirst ? (outcome.bytes, outcome.bytes) : (sizes.lowerBound, sizes.upperBound)
            sizes = min(low, outcome.bytes)...max(high, outcome.bytes)
            if let status = outcome.status { statuses.insert(status) }
        }
    }

    private var seen: [String: Seen] = [:]

    /// A target has few paths; a crowd of others is not learned.
    private static let most = 64

    /// Learns from an answer before the signal; afterwards, says of one whether it is `answered`, `cut` or `failed` where
    /// that is certain.
    ///
    /// A body without a marked end is whole when it is as long as all the others were. What the demo's server answers is
    /// looked at in no other way (`isForeign` is false).
    mutating func judge(_ outcome: Outcome, of request: Request, isSignalled: Bool, isForeign: Bool = true) -> Outcome {
        guard outcome.fate == .unmarked || outcome.fate == .answered && isForeign else { return outcome }
        let key = Self.key(request)
        let known = seen[key] ?? Seen()
        if !isSignalled, seen[key] != nil || seen.count < Self.most { seen[key, default: Seen()].learn(outcome) }
        var judged = outcome
        if outcome.fate == .unmarked, known.isEven {
            if outcome.bytes == known.sizes.lowerBound { judged.fate = .answered }
            if outcome.bytes < known.sizes.lowerBound, isSignalled { judged.fate = .cut }
        }
        guard isSignalled, isForeign, judged.fate.isWhole, let fault = known.fault(of: judged, request) else {
            return judged
        }
        judged.fate = .failed
        judged.cause = fault.words
        judged.fault = fault.kind
        return judged
    }

    /// Why no length can be held against the answers before the signal; nil where it can.
    func doubt(about request: Request) -> String? {
        guard let known = seen[Self.key(request)], known.count > 1 else {
            return "too few had come before the signal"
        }
        let sizes = known.sizes
        return known.isEven ? nil : "before the signal they had \(sizes.lowerBound) to \(sizes.upperBound) bytes"
    }

    private static func key(_ request: Request) -> String { "\(request.method) \(request.path)" }
}

extension KnownAnswers.Seen {
    /// What is wrong with an answer after the signal; nil for one like those before.
    fileprivate func fault(of outcome: Outcome, _ request: Request) -> (kind: AnswerFault, words: String)? {
        guard let status = outcome.status, let usual = statuses.min() else { return nil }
        if !statuses.contains(where: { $0 / 100 == status / 100 }) {
            return (.status, "status \(status), which was \(usual) before the signal")
        }
        // A text that was found there says more than any length.
        if request.expectation?.isText == true { return nil }
        guard isTooShort(outcome.bytes) else { return nil }
        let length = sizes.lowerBound == sizes.upperBound ? "\(usualSize)" : "at least \(usualSize)"
        return (.length, "a body of \(outcome.bytes) bytes, which had \(length) before the signal")
    }

    private var usualSize: Int { sizes.lowerBound }

    /// Equal bodies stay equal; others that were equally long may differ by the digits of a number; and of those that
    /// never were, an empty one says enough.
    private func isTooShort(_ bytes: Int) -> Bool {
        guard count > 1 else { return false }
        if isSame { return bytes != usualSize }
        return isEven ? bytes * 2 < usualSize : bytes == 0 && usualSize > 0
    }
}
