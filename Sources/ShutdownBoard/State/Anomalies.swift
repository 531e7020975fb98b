package import ShutdownTrace

/// What cannot have happened, counted: a reader that drops such events in silence cannot be trusted.
package struct Anomalies: Sendable {
    package internal(set) var counts: [Anomaly: Int] = [:]
    private var witnesses: [Witness?] = Array(repeating: nil, count: Source.allCases.count)
    /// Other instances of the server, each of which counts its own events.
    private var others: [Int: Witness] = [:]

    /// What is remembered of one source.
    private struct Witness {
        var sequence = 0
        var time: Time
        var missing = 0
    }

    /// Events that never reached the reader, by source.
    package var missing: [Source: Int] {
        let pairs = Source.allCases.map { ($0, witnesses[$0.index]?.missing ?? 0) }
        return Dictionary(uniqueKeysWithValues: pairs.filter { $0.1 > 0 })
    }

    /// Whether this source has said anything.
    func hasHeard(_ source: Source) -> Bool { witnesses[source.index] != nil }

    /// How far one source may step back in time: it may have many threads.
    static let skew = Time.seconds(1)
    /// More missing events than this are not counted.
    static let mostMissing = 1 << 40
    static let mostKinds = 100

    /// All of them together.
    package private(set) var total = 0

    mutating func count(_ what: Anomaly) {
        total += 1
        guard counts[what] != nil || counts.count < Self.mostKinds else {
            counts[.other, default: 0] += 1
            return
        }
        counts[what, default: 0] += 1
    }

    /// Checks the time and the sequence number; false for an event that came before.
    ///
    /// Each source counts its own events from 1 without gaps. Between sources the clock may step back by the time that
    /// an event needs to reach the writer.
    mutating func admit(_ event: Event) -> Bool {
        // Every event comes here and few name an instance, so only the server's are asked for it.
        if event.source == .server, event.instance > 1 {
            guard others[event.instance] != nil || others.count < Deploy.mostInstances else { return true }
            var witness = others[event.instance] ?? Witness(time: event.time)
            defer { others[event.instance] = witness }
            return admit(event, by: &witness)
        }
        var witness = witnesses[event.source.index] ?? Witness(time: event.time)
        defer { witnesses[event.source.index] = witness }
        return admit(event, by: &witness)
    }

    private mutating func admit(_ event: Event, by witness: inout Witness) -> Bool {
        if event.time < witness.time - Self.skew { count(.timeRanBackwards(event.source)) }
        witness.time = max(witness.time, event.time)
        guard event.sequence > 0 else { return true }
        let step = event.sequence - witness.sequence
        if step > 0 {
            witness.sequence = event.sequence
            witness.missing = min(witness.missing + min(step - 1, Self.mostMissing), Self.mostMissing)
        } else if step < 0, witness.missing > 0 {
            witness.missing -= 1  // It was late, not lost.
        } else {
            count(.sameEventTwice(event.source))
            return false
        }
        return true
    }
}

extension Source {
    /// Its place in an array: every event looks it up, and a dictionary would hash it each time.
    fileprivate var index: Int {
        switch self {
        case .server: 0
        case .client: 1
        case .balancer: 2
        case .supervisor: 3
        case .kernel: 4
        case .importer: 5
        }
    }
}
