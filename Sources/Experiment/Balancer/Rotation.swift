import ShutdownTrace

/// The balancer's memory: whether the server is in rotation, and how many probes failed in a row.
struct Rotation: Hashable, Sendable {
    /// What one probe showed.
    enum Probe: Hashable, Sendable {
        case passed(status: Int)
        case failed(status: Int?, cause: String)
    }

    var threshold: Int
    private(set) var isIn = false
    private(set) var failures = 0
    /// Nil before the first probe.
    private var didPass: Bool?

    init(threshold: Int) {
        self.threshold = threshold
    }

    /// Takes one probe and returns what it changes.
    mutating func take(_ probe: Probe, took: Time) -> [(EventKind, Fields)] {
        switch probe {
        case .passed(let status): passed(status, took)
        case .failed(let status, let cause): failed(status, cause)
        }
    }

    private mutating func passed(_ status: Int, _ took: Time) -> [(EventKind, Fields)] {
        var events: [(EventKind, Fields)] = []
        if didPass != true { events.append((.probePassed, [.status: .number(status), .took: .time(took)])) }
        if !isIn { events.append((.rotationEntered, [:])) }
        (didPass, isIn, failures) = (true, true, 0)
        return events
    }

    /// Every failure is told until the server is out, then only the fact.
    private mutating func failed(_ status: Int?, _ cause: String) -> [(EventKind, Fields)] {
        defer { didPass = false }
        failures += 1
        guard isIn || didPass == true else { return [] }
        var fields: Fields = [.failures: .number(failures), .threshold: .number(threshold)]
        if let status { fields[.status] = .number(status) } else { fields[.cause] = .string(cause) }
        guard failures >= threshold else { return [(.probeFailed, fields)] }
        isIn = false
        return [(.probeFailed, fields), (.rotationLeft, [.failures: .number(failures)])]
    }
}
