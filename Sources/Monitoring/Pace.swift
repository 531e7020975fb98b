package import ShutdownTrace

/// How often a witness looks: seldom while the server serves, often from a signal on, and never so often that the
/// looks at connections and processes take more than a fiftieth of a processor, or those at the listener alone.
package struct Pace: Sendable {
    /// What is looked at.
    struct Look: Hashable, Sendable {
        /// The listening socket, 20 µs; the connections and processes too; all processes, threads and files too.
        enum Depth: Int, Comparable, Sendable {
            case listener, work, all

            static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        var depth: Depth
    }

    /// The server was asked to stop.
    private(set) var isStopping = false
    private let began: Time
    private let isAlone: Bool
    private var hurriesUntil: Time?
    private var isListening = false
    private var wasListening = false
    /// When each depth is due.
    private var dues: [Time]
    /// No look at more than the listener before that, however much happens.
    private var rest: Time
    /// A process of the run has ended since the last look at them.
    package private(set) var hasEnded = false

    /// A look may take a fiftieth of the time until the next.
    package static let share: Int64 = 50
    /// After a signal that does not ask the server to stop.
    static let attention = Time.seconds(3)

    /// - Parameters:
    ///   - now: The moment of the first look.
    ///   - isAlone: Whether its connections are all there is to see of the server's work.
    package init(_ now: Time, isAlone: Bool = false) {
        began = now
        self.isAlone = isAlone
        rest = now
        dues = Array(repeating: now, count: 3)
    }

    /// When the next look is due.
    package var next: Time { dues.min() ?? began }

    /// A signal was sent.
    mutating func hurry(at now: Time, stops: Bool) {
        isStopping = isStopping || stops
        hurriesUntil = now + Self.attention
        dues = Array(repeating: now, count: 3)
    }

    /// A process of the run has ended.
    mutating func memberEnded() {
        hasEnded = true
        dues[Look.Depth.work.rawValue] = min(dues[Look.Depth.work.rawValue], rest)
    }

    /// The deepest look that is due.
    func due(at now: Time) -> Look? {
        dues.lastIndex { $0 <= now }.flatMap(Look.Depth.init(rawValue:)).map(Look.init)
    }

    /// It looked; a deeper look is a shallower one as well.
    mutating func did(_ look: Look, at now: Time, cost: Time, isListening: Bool) {
        (self.isListening, wasListening) = (isListening, wasListening || isListening)
        let pause = now + Time(microseconds: cost.microseconds * Self.share)
        for depth in [Look.Depth.listener, .work, .all] where depth <= look.depth {
            dues[depth.rawValue] = now + interval(depth, now)
        }
        guard look.depth > .listener else {
            dues[0] = max(dues[0], pause)
            return
        }
        (rest, hasEnded) = (pause, false)
        for depth in [Look.Depth.work, .all] { dues[depth.rawValue] = max(dues[depth.rawValue], pause) }
    }

    private func interval(_ depth: Look.Depth, _ now: Time) -> Time {
        let isHurried = isStopping || hurriesUntil.map { now < $0 } ?? false
        guard isHurried else {
            // Until somebody listens; then the server serves.
            let isStarting = !wasListening && now - began < .seconds(10)
            if isAlone, depth == .work { return isStarting ? .milliseconds(100) : .milliseconds(250) }
            return depth == .listener && isStarting ? .milliseconds(100) : .seconds(1)
        }
        return switch depth {
        case .listener: isListening ? .milliseconds(20) : .milliseconds(100)
        case .work: .milliseconds(100)
        case .all: .milliseconds(500)
        }
    }
}
