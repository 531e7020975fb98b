import ShutdownTrace

/// The answers to each request before the signal, with which later answers are compared.
///
/// A handler that was given up may answer 404, or 200 without a body: such an answer is whole, and wrong.
struct KnownAnswers: Hashable, Sendable {
    fileprivate struct Seen: Hashable {
        var statuses: Set<Int> = []
        var count = 0
        var sizes = 0...0
        var digest: Int?
        var isSame = true

        var isEven: Bool { count > 1 && sizes.lowerBound == sizes.upperBound }

        mutating func learn(_ outcome: Outcome) {
            let isFirst = count == 0
            count += 1
            isSame = outcome.digest != nil && (isFirst || isSame && digest == outcome.digest)
            digest = outcome.digest
            let bytes = outcome.bytes
            sizes = isFirst ? bytes...bytes : min(sizes.lowerBound, bytes)...max(sizes.upperBound, bytes)
            if let status = outcome.status { statuses.insert(status) }
        }
    }

    private var seen: [String: Seen] = [:]

    /// The most requests that are learned; a target has few paths.
    private static let most = 64

    /// Learns from an answer before the signal; afterwards, finds whether an answer is `answered`, `cut` or `failed`.
    ///
    /// A body without a marked end is whole when it is as long as all the others were. Answers of the demo server
    /// (`isForeign` is false) are judged in no other way.
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

    /// Why the length of an answer cannot show that it is wrong; nil where it can.
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
    /// What is wrong with an answer after the signal; nil when it is like those before.
    fileprivate func fault(of outcome: Outcome, _ request: Request) -> (kind: AnswerFault, words: String)? {
        guard let status = outcome.status, let usual = statuses.min() else { return nil }
        if !statuses.contains(where: { $0 / 100 == status / 100 }) {
            return (.status, "status \(status), which was \(usual) before the signal")
        }
        // The expected text was found, which says more than any length.
        if request.expectation?.isText == true { return nil }
        guard isTooShort(outcome.bytes) else { return nil }
        let length = sizes.lowerBound == sizes.upperBound ? "\(usualSize)" : "at least \(usualSize)"
        return (.length, "a body of \(outcome.bytes) bytes, which had \(length) before the signal")
    }

    private var usualSize: Int { sizes.lowerBound }

    /// Whether the length of a body shows that it lacks something.
    ///
    /// Equal bodies must stay equal. Equally long ones may differ by the digits of a number. Of others, only an empty body
    /// is too short.
    private func isTooShort(_ bytes: Int) -> Bool {
        guard count > 1 else { return false }
        if isSame { return bytes != usualSize }
        return isEven ? bytes * 2 < usualSize : bytes == 0 && usualSize > 0
    }
}
