package import ShutdownBoard
package import ShutdownTrace

/// How a playhead makes each move.
extension Playhead {
    /// Makes a move.
    ///
    /// - Parameters:
    ///   - move: Where to.
    ///   - now: The present on the viewer's clock.
    ///   - track: The run.
    ///   - landmarks: Where `.landmark` goes, in order.
    ///   - marks: Where `.mark` goes, in order.
    package mutating func perform(
        _ move: Move, at now: Time, on track: inout some Track, landmarks: [Landmark] = [], marks: [Position] = []
    ) {
        let here = tick(at: now, on: &track)
        switch move {
        case .toggle: togglePlay(at: now, on: &track)
        case .step(let events): step(events, from: here, at: now, on: &track)
        case .skip(let span): seek(to: here.time + span, at: now, on: &track)
        case .leap(let percent): seek(to: here.time + track.share(percent), at: now, on: &track)
        case .percent(let percent): seek(to: track.share(percent), at: now, on: &track)
        case .to(let time): seek(to: time, at: now, on: &track)
        case .toEvent(let count): seek(after: count, at: now, on: &track)
        case .landmark(let forward):
            let places = landmarks.map { Position(time: $0.time, count: $0.index) }
            jump(forward, among: places, from: here, at: now)
        case .mark(let forward): jump(forward, among: marks, from: here, at: now)
        case .start: seek(after: 0, at: now, on: &track)
        case .end: pin(on: &track)
        case .faster: setSpeed(speed.faster, at: now, on: &track)
        case .slower: setSpeed(speed.slower, at: now, on: &track)
        case .normalSpeed: setSpeed(Speed(), at: now, on: &track)
        }
    }

    private mutating func step(_ events: Int, from here: Position, at now: Time, on track: inout some Track) {
        stop(at: now, on: &track)
        let (wanted, overflow) = here.count.addingReportingOverflow(events)
        seek(after: overflow ? (events < 0 ? 0 : .max) : wanted, at: now, on: &track)
    }

    private mutating func seek(to time: Time, at now: Time, on track: inout some Track) {
        let time = min(max(time, .zero), track.end)
        move(to: Position(time: time, count: track.count(at: time)), at: now)
    }

    private mutating func seek(after count: Int, at now: Time, on track: inout some Track) {
        let count = min(max(count, 0), track.count)
        move(to: Position(time: track.time(after: count), count: count), at: now)
    }

    /// While playing, "back" soon after a place means the place before it: else a person would never get past it.
    private mutating func jump(_ forward: Bool, among places: [Position], from here: Position, at now: Time) {
        let next: Position?
        if forward {
            next = places.first { $0.count > here.count || $0.count == here.count && $0.time > here.time }
        } else {
            let margin = isPlaying ? speed.scaled(.seconds(1)) : .zero
            next = places.last { place in
                (place.count < here.count || place.count == here.count && place.time < here.time)
                    && (margin == .zero || place.time < here.time - margin)
            }
        }
        if let next { move(to: next, at: now) }
    }
}

extension Track {
    /// So many percent of the whole run.
    func share(_ percent: Int) -> Time {
        let percent = Int64(min(max(percent, -100), 100))
        let (quotient, rest) = end.microseconds.quotientAndRemainder(dividingBy: 100)
        return Time(microseconds: quotient * percent + rest * percent / 100)
    }
}
