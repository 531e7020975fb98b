public import DequeModule
public import ShutdownTrace

/// The events that a person wants to read, in words, oldest first.
public struct Feed: Sendable {
    public struct Line: Hashable, Sendable {
        public enum Weight: Int, Hashable, Comparable, Sendable {
            case quiet, normal, signal, risk, loss
            public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        public var time: Time
        public var source: Source
        /// As it came; text from outside is not safe to print before the screen has cleaned it.
        public var text: String
        public var weight: Weight
        public var isInferred = false
    }

    public internal(set) var lines: Deque<Line> = []
    /// Lines that made room for later ones.
    public internal(set) var forgotten = 0

    /// The feed keeps this many lines.
    public static let longest = 2_000

    mutating func append(_ line: Line) {
        lines.append(line)
        guard lines.count > Self.longest else { return }
        lines.removeFirst()
        forgotten += 1
    }
}

/// What cannot have happened, counted: a reader that drops such events in silence cannot be trusted.
public struct Anomalies: Sendable {
    public internal(set) var counts: [String: Int] = [:]
    /// Events that never reached the reader, by source.
    public internal(set) var missing: [Source: Int] = [:]
    var lastSequence: [Source: Int] = [:]
    private var lastTime: [Source: Time] = [:]

    static let mostKinds = 100

    public var total: Int { counts.values.reduce(0, +) }

    mutating func count(_ what: String) {
        guard counts[what] != nil || counts.count < Self.mostKinds else {
            counts["others", default: 0] += 1
            return
        }
        counts[what, default: 0] += 1
    }

    /// Looks at the clock and the sequence number, both of which only rise within one source.
    ///
    /// Between sources the clock may step back by the time that an event needs to reach the writer.
    mutating func check(_ event: Event) {
        if let last = lastTime[event.source], event.time < last {
            count("\(event.source.rawValue): time ran backwards")
        }
        lastTime[event.source] = event.time
        guard event.sequence > 0 else { return }
        let last = lastSequence[event.source] ?? 0
        if event.sequence <= last {
            count("sequence number repeated")
        } else if event.sequence > last + 1, last > 0 {
            missing[event.source, default: 0] += event.sequence - last - 1
        }
        lastSequence[event.source] = max(last, event.sequence)
    }
}
