package import ShutdownTrace

/// When a monitor looks: seldom while the server serves, and often from a signal on.
///
/// Looks at the listener alone are capped at 2 % of one core, and deeper looks at another 2 %.
package struct PollSchedule: Sendable {
    /// What is looked at; each depth includes those before.
    enum Depth: Int, Comparable, CaseIterable, Sendable {
        /// The listening socket, which takes 20 µs.
        case listener
        /// Connections, and the processes of the run.
        case work
        /// All processes, threads and files.
        case all

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private(set) var isStopping = false
    private let began: Time
    private let isAlone: Bool
    private var hurriesUntil: Time?
    private var isListening = false
    private var wasListening = false
    private var dues: [Time]
    /// The earliest time of a look at more than the listener, however much happens.
    private var rest: Time
    /// A process of the run has ended since the last look at them.
    package private(set) var hasEnded = false

    /// A look may take this share of the time until the next.
    package static let share: Int64 = 50
    /// How long looks are frequent after a signal that does not ask the server to stop.
    static let attention = Time.seconds(3)

    /// Begins with a look now; `isAlone` says that connections are all there is to see of the server's work.
    package init(_ now: Time, isAlone: Bool = false) {
        began = now
        self.isAlone = isAlone
        rest = now
        dues = Array(repeating: now, count: 3)
    }

    package var next: Time { dues.min() ?? began }

    mutating func hurry(at now: Time, stops: Bool) {
        isStopping = isStopping || stops
        hurriesUntil = now + Self.attention
        dues = Array(repeating: now, count: 3)
    }

    mutating func memberEnded() {
        hasEnded = true
        dues[Depth.work.rawValue] = min(dues[Depth.work.rawValue], rest)
    }

    /// The deepest look that is due.
    func due(at now: Time) -> Depth? { dues.lastIndex { $0 <= now }.flatMap(Depth.init(rawValue:)) }

    /// Takes that a look was made, and what it cost.
    mutating func did(_ done: Depth, at now: Time, cost: Time, isListening: Bool) {
        self.isListening = isListening
        wasListening = wasListening || isListening
        let pause = now + Time(microseconds: cost.microseconds * Self.share)
        for depth in Depth.allCases where depth <= done {
            dues[depth.rawValue] = now + interval(depth, now)
        }
        guard done > .listener else {
            dues[0] = max(dues[0], pause)
            return
        }
        rest = pause
        hasEnded = false
        for depth in [Depth.work, .all] { dues[depth.rawValue] = max(dues[depth.rawValue], pause) }
    }

    private func interval(_ depth: Depth, _ now: Time) -> Time {
        let isHurried = isStopping || hurriesUntil.map { now < $0 } ?? false
        guard isHurried else {
            // A server starts until it listens.
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
