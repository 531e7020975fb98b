package import ShutdownBoard
package import ShutdownTrace

/// Where on a run the screen stands, and how it moves.
///
/// A value that reads no clock: every method is given the present and the run, as a ``Track``. Between two keys the
/// position is computed from the last one, so it does not depend on how often it is asked for.
package struct Playhead: Hashable, Sendable {
    /// A place on the run.
    package struct Position: Hashable, Sendable {
        /// On the run's clock.
        package var time: Time
        /// Events that have happened.
        package var count: Int
    }

    /// How it moves by itself.
    package enum Motion: Hashable, Sendable {
        /// Stands still until a key moves it.
        case still
        /// Plays since a moment of the viewer's clock.
        case playing(since: Time)
        /// Shows the end of a run that goes on.
        case pinned
    }

    package private(set) var motion: Motion
    package private(set) var speed = Speed()
    /// Spans without an event that are longer than this are shortened to it while playing; nil plays them whole.
    ///
    /// The first and the last half of it are played, so whatever begins or ends such a span is seen.
    package private(set) var idleLimit: Time? = .seconds(5)
    /// Where it was moved to last.
    private var anchor = Position(time: .zero, count: 0)

    /// Begins at the start, or at the end of a run that goes on.
    package init(pinned: Bool = false) {
        motion = pinned ? .pinned : .still
    }

    package var isPlaying: Bool { if case .playing = motion { true } else { false } }

    package var isPinned: Bool { motion == .pinned }

    /// Where it is now, after it has come to rest or been pinned if that was due.
    package mutating func tick(at now: Time, on track: inout some Track) -> Position {
        switch motion {
        case .still: break
        case .pinned:
            anchor = Position(time: max(track.end, track.present(at: now) ?? .zero), count: track.count)
            if !track.isOpen { motion = .still }
        case .playing(let since):
            let time = played(from: anchor.time, for: speed.scaled(now - since), track.gaps)
            if time < track.end { return Position(time: time, count: max(anchor.count, track.count(at: time))) }
            // A playhead that is faster than the run has caught up with it.
            motion = track.isOpen ? .pinned : .still
            anchor = Position(time: track.end, count: track.count)
        }
        return anchor
    }

    /// The time after playing for a span; of too long a gap between two events the middle is left out.
    private func played(from start: Time, for span: Time, _ gaps: [Gap]) -> Time {
        var time = start + span
        guard let limit = idleLimit else { return time }
        let half = Time(microseconds: limit.microseconds / 2)
        for gap in gaps[gaps.partitioningIndex { $0.end > start }...] where gap.end - gap.start > limit {
            let cut = (from: max(gap.start + half, start), to: gap.end - half)
            guard cut.from < cut.to else { continue }
            if time < cut.from { break }
            time += cut.to - cut.from
        }
        return time
    }

    /// Moves it: a playhead that played goes on from there, and any other stands still.
    package mutating func move(to position: Position, at now: Time) {
        anchor = position
        motion = isPlaying ? .playing(since: now) : .still
    }

    /// Changes how fast it plays, and nothing else.
    package mutating func setSpeed(_ speed: Speed, at now: Time, on track: inout some Track) {
        rest(at: now, on: &track)
        self.speed = speed
    }

    /// Changes which spans without an event are shortened.
    ///
    /// - Parameters:
    ///   - limit: At least a second; nil shortens none.
    ///   - now: The present.
    ///   - track: The run.
    package mutating func setIdleLimit(_ limit: Time?, at now: Time, on track: inout some Track) {
        rest(at: now, on: &track)
        idleLimit = limit.map { max($0, Gap.shortest) }
    }

    /// Counts from the present position on.
    private mutating func rest(at now: Time, on track: inout some Track) {
        let position = tick(at: now, on: &track)
        guard isPlaying else { return }
        anchor = position
        motion = .playing(since: now)
    }

    /// Stops a playhead that plays or follows, and starts one that stands still; at the end of a run that is over, from the beginning.
    package mutating func togglePlay(at now: Time, on track: inout some Track) {
        let position = tick(at: now, on: &track)
        let isOver = position.count >= track.count && position.time >= track.end && !track.isOpen
        let isStill = motion == .still
        anchor = isStill && isOver ? Position(time: .zero, count: 0) : position
        motion = isStill ? .playing(since: now) : .still
    }

    /// Goes to the end, and stays there while the run goes on.
    package mutating func pin(on track: inout some Track) {
        motion = track.isOpen ? .pinned : .still
        anchor = Position(time: track.end, count: track.count)
    }

    /// Stands still.
    package mutating func stop(at now: Time, on track: inout some Track) {
        anchor = tick(at: now, on: &track)
        motion = .still
    }
}

/// A run, as far as a playhead has to know it.
package protocol Track {
    /// Events so far.
    var count: Int { get }
    /// The time of the last one.
    var end: Time { get }
    /// Whether more may come.
    var isOpen: Bool { get }
    /// Spans without an event, in order.
    var gaps: [Gap] { get }
    /// The run's own clock at a moment of the viewer's, while the run goes on.
    func present(at now: Time) -> Time?
    /// How many events have happened by a moment.
    mutating func count(at time: Time) -> Int
    /// The run's time after so many events.
    mutating func time(after count: Int) -> Time
}

/// How fast a run is played: 1/16 to 64, in powers of two.
package struct Speed: Hashable, Sendable, CustomStringConvertible {
    /// -4...6.
    package private(set) var exponent = 0

    package init(exponent: Int = 0) {
        self.exponent = min(max(exponent, -4), 6)
    }

    /// The nearest speed that can be played; nil for a factor that is no speed.
    package init?(_ factor: Double) {
        guard factor > 0, factor.isFinite else { return nil }
        self.init(exponent: Speed.exponent(nearest: factor))
    }

    private static func exponent(nearest factor: Double) -> Int {
        (-4...6).min { abs(power($0) - factor) < abs(power($1) - factor) } ?? 0
    }

    private static func power(_ exponent: Int) -> Double {
        exponent < 0 ? 1 / Double(1 << -exponent) : Double(1 << exponent)
    }

    package var faster: Speed { Speed(exponent: exponent + 1) }
    package var slower: Speed { Speed(exponent: exponent - 1) }

    /// "1/4×", "1×", "64×".
    package var description: String { exponent < 0 ? "1/\(1 << -exponent)×" : "\(1 << exponent)×" }

    /// How much of the run passes in a span of the viewer's time.
    func scaled(_ span: Time) -> Time {
        let amount = max(0, span.microseconds)
        if exponent < 0 { return Time(microseconds: amount >> -exponent) }
        let (product, overflow) = amount.multipliedReportingOverflow(by: 1 << exponent)
        return Time(microseconds: overflow ? .max : product)
    }
}
