import ShutdownTrace

/// The failed probes of a server that was not in rotation yet: that is how a server starts, and how a wrong path looks.
struct EarlyProbes: Hashable, Sendable {
    private(set) var answer = RepeatedAnswer()
    /// When the first probe failed; nil once one passed.
    private var since: Time?
    /// Since when each answer says that what is asked for is wrong, and not that the server is not ready.
    private var wrongSince: Time?
    private var isOver = false
    private var isTold = false

    /// A server is left alone for so long before its failing probes are news.
    static let patience = Time.seconds(1)
    /// So long may a path be answered with 4xx by a server that is still starting.
    static let hopeless = Time.seconds(2)

    /// Takes a probe; returns the event that tells its answer, where that is news.
    mutating func take(_ probe: RotationState.Probe, at now: Time, threshold: Int) -> BalancerEvent? {
        guard !isOver, case .failed(let status, let cause) = probe else {
            isOver = true
            return nil
        }
        let isNew = answer.take(status, cause: cause)
        since = since ?? now
        wrongSince = status.map { (400..<500).contains($0) } == true ? wrongSince ?? now : nil
        guard let since, now - since >= Self.patience, isNew || !isTold else { return nil }
        isTold = true
        return .probeFailed(
            .init(failures: answer.count, threshold: threshold, status: status, cause: status == nil ? cause : nil))
    }

    /// How long the probes have failed so that no later one can be expected to pass; nil where one can.
    ///
    /// `limit` is the time that a server has to become ready.
    func hopeless(at now: Time, limit: Time) -> Time? {
        guard !isOver, let since else { return nil }
        if let wrongSince, now - wrongSince >= Self.hopeless { return now - since }
        return now - since >= limit ? now - since : nil
    }
}
