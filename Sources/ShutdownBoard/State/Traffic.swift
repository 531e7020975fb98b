package import Histogram
package import ShutdownTrace

/// All requests of a run, counted by what became of them.
package struct Traffic: Sendable {
    /// Every request that ended, by fate.
    package internal(set) var fates: [Fate: Int] = [:]
    /// The fates of requests that were started after the first signal that asks the server to stop, while it was in
    /// rotation.
    package internal(set) var fatesAfterSignal: [Fate: Int] = [:]
    /// How many of them were sent and then closed or reset within ``doorstep`` without a byte of an answer, as happens to
    /// a client that waits to be accepted when the listener closes.
    var atTheDoor = 0
    /// Requests that began within ``doorstep`` before the signal and ended without a byte of an answer.
    var justBefore = 0
    /// The longest time for which a client counts as waiting to be accepted.
    static let doorstep = Time.milliseconds(100)
    /// Requests after the signal that no instance saw.
    var turnedAway = TurnedAway()
    /// When the first request after the signal was refused or got a 503.
    var turnedAwayAt: Time?
    /// What was wrong with answers since that signal that were of no use, and with how many; at most ``mostFaults``.
    var faults: [Fault: Int] = [:]
    private static let mostFaults = 8
    /// Why the answers before the signal give no length to compare later answers with.
    var doubt: String?
    /// Whole answers since that signal that announced `Connection: close`.
    package internal(set) var announcedCloses = 0
    /// Answers before the signal that announced `Connection: close`.
    var closesBefore = 0
    /// Answers a second: the last ``seconds`` seconds, oldest first.
    package internal(set) var perSecond: [Int] = []
    /// The second, since the start of the run, that the last element of ``perSecond`` counts.
    var second: Int64 = -1
    /// How long answered requests took, in microseconds, to two significant digits.
    package internal(set) var latency = Histogram<UInt32>(
        lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .two)

    /// How many seconds of history the board keeps.
    package static let seconds = 60

    package var total: Int { fates.values.reduce(0, +) }

    package func count(_ fates: Fate...) -> Int { fates.reduce(0) { $0 + (self.fates[$1] ?? 0) } }

    /// The latency below which this percentage of the answers fell, within 1 %; nil before the first answer.
    package func percentile(_ percentage: Double) -> Time? {
        guard latency.totalCount > 0 else { return nil }
        return Time(microseconds: Int64(latency.valueAtPercentile(percentage)))
    }

    /// Answers in the last whole second before `now`.
    package func rate(at now: Time) -> Int {
        let wanted = now.microseconds / 1_000_000 - 1
        let index = perSecond.count - 1 - Int(second - wanted)
        return perSecond.indices.contains(index) ? perSecond[index] : 0
    }

    mutating func record(_ fate: Fate, took: Time, at time: Time) {
        fates[fate, default: 0] += 1
        guard fate.isWhole else { return }
        latency.record(UInt64(max(1, min(took.microseconds, 3_600_000_000))))
        advance(to: time.microseconds / 1_000_000)
        if !perSecond.isEmpty { perSecond[perSecond.count - 1] += 1 }
    }

    struct Fault: Hashable, Sendable {
        enum Sign: Hashable, Sendable {
            /// What the client says, as a short phrase.
            case told(String)
            /// The status of the answer, where its client says no more.
            case status(Int)
        }

        var sign: Sign
        /// Nil where the trace does not say.
        var kind: AnswerFault?

        init(_ sign: Sign, _ kind: AnswerFault?) {
            self.sign = sign
            self.kind = kind
        }
    }

    mutating func note(_ fault: Fault) {
        if faults[fault] != nil || faults.count < Self.mostFaults { faults[fault, default: 0] += 1 }
    }

    private mutating func advance(to second: Int64) {
        guard second > self.second else { return }
        let missing = min(Int64(Self.seconds), self.second < 0 ? 1 : second - self.second)
        perSecond += repeatElement(0, count: Int(missing))
        if perSecond.count > Self.seconds { perSecond.removeFirst(perSecond.count - Self.seconds) }
        self.second = second
    }
}

extension Fate {
    /// Sent, and no byte of an answer came.
    fileprivate static let unheard: Set<Fate> = [.closedUnanswered, .resetUnanswered, .brokenPipe]

    var isUnheard: Bool { Self.unheard.contains(self) }
}

extension [Fate: Int] {
    /// The most frequent first: "15 refused, 11 answered".
    package var words: String {
        sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
            .map { "\($0.value.grouped) \($0.key.words)" }.joined(separator: ", ")
    }

    /// Sent, and no byte of an answer came.
    var unheard: Int { total(of: \.isUnheard) }

    /// How many have a fate for which this is true.
    package func total(of isCounted: (Fate) -> Bool) -> Int { reduce(0) { isCounted($1.key) ? $0 + $1.value : $0 } }
}
