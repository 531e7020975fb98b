import ShutdownTrace

/// Whether a server is in rotation, and how many probes failed in a row.
struct RotationState: Hashable, Sendable {
    enum Probe: Hashable, Sendable {
        case passed(status: Int)
        case failed(status: Int?, cause: String)
    }

    var threshold: Int
    private(set) var isIn = false
    private(set) var failures = 0
    private var didPass: Bool?

    init(threshold: Int) {
        self.threshold = threshold
    }

    /// Takes one probe and returns the events that it leads to.
    mutating func take(_ probe: Probe, took: Time) -> [BalancerEvent] {
        switch probe {
        case .passed(let status): passed(status, took)
        case .failed(let status, let cause): failed(status, cause)
        }
    }

    private mutating func passed(_ status: Int, _ took: Time) -> [BalancerEvent] {
        var events: [BalancerEvent] = []
        if didPass != true { events.append(.probePassed(status: status, took: took)) }
        if !isIn { events.append(.rotationEntered) }
        didPass = true
        isIn = true
        failures = 0
        return events
    }

    /// Every failure is reported until the server is out of rotation.
    private mutating func failed(_ status: Int?, _ cause: String) -> [BalancerEvent] {
        defer { didPass = false }
        failures += 1
        guard isIn || didPass == true else { return [] }
        let failed = BalancerEvent.probeFailed(
            .init(failures: failures, threshold: threshold, status: status, cause: status == nil ? cause : nil))
        guard failures >= threshold else { return [failed] }
        isIn = false
        return [failed, .rotationLeft(failures: failures)]
    }
}
