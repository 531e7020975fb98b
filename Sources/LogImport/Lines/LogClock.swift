internal import ShutdownTrace

/// Turns the stamps of a log into one time that never runs backwards.
///
/// A line without a stamp happened when the line before it did; in a log without any stamp each line is one
/// millisecond after the one before it.
struct LogClock: Sendable {
    /// Microseconds since 1970 that no line is later than; gives a year to dates without one.
    private let latest: Int64?
    /// The wall clock at time zero, once a stamp was seen.
    private(set) var origin: Int64?
    /// Whether the first stamp's date can be trusted, year included.
    private(set) var hasDate = false
    private(set) var last = Time.zero
    private var lines = 0
    /// Added to the wall clock, so that time goes on after a jump.
    private var shift: Int64 = 0
    private var previous: Stamp?
    private var year: Int?
    private var day: Int64 = 0

    init(latest: Int64?) { self.latest = latest }

    /// How far the clocks of several writers of one log may differ before it is reported.
    private static let skew: Int64 = 2_000_000
    private static let quarterHour: Int64 = 900_000_000

    /// The time of the next line, and a sentence where the clock did something odd.
    mutating func time(of stamp: Stamp?) -> (Time, String?) {
        lines += 1
        guard let stamp else {
            if origin == nil, lines > 1 { last += .milliseconds(1) }
            return (last, nil)
        }
        defer { previous = stamp }
        let raw = wall(stamp)
        guard let origin else {
            origin = raw - last.microseconds
            return (last, nil)
        }
        var elapsed = raw - origin + shift
        var oddity: String?
        if previous.map({ !$0.isLike(stamp) }) == true, abs(elapsed - last.microseconds) > 600_000_000 {
            // The stamp is of another clock, perhaps in another zone: zones differ by whole quarters of an hour.
            let apart = elapsed - last.microseconds
            let quarters = (Double(apart) / Double(Self.quarterHour)).rounded()
            if abs(quarters) <= 56 {
                shift -= Int64(quarters) * Self.quarterHour
                elapsed = raw - origin + shift
            }
        }
        let back = last.microseconds - elapsed
        if back > Self.skew {
            let isSummerTime = abs(back - 3_600_000_000) < 600_000_000 && !stamp.hasZone
            let by = isSummerTime ? 3_600_000_000 : back
            shift += by
            elapsed += by
            oddity =
                isSummerTime
                ? "the clock goes back an hour, as at the end of summer time; time goes on here"
                : "time runs backwards by \(back / 1_000_000) s; time goes on here"
        }
        last = max(last, Time(microseconds: elapsed))
        return (last, oddity)
    }

    private mutating func wall(_ stamp: Stamp) -> Int64 {
        switch stamp {
        case .wall(let micros, _):
            if origin == nil { hasDate = true }
            return micros
        case .uptime(let micros): return micros
        case .yearless(let month, let day, let micros): return yearless(month, day, micros)
        case .clock(let micros):
            // The clock went back by more than half a day: midnight has passed.
            if case .clock(let before)? = previous, before - micros > CivilTime.microsecondsADay / 2 {
                day += CivilTime.microsecondsADay
            }
            return day + micros
        }
    }

    private mutating func yearless(_ month: Int, _ day: Int, _ micros: Int64) -> Int64 {
        if year == nil {
            if origin == nil { hasDate = latest != nil }
            let now = latest.map { CivilTime(sinceEpoch: $0).year } ?? 2_000
            let date = CivilTime(year: now, month: month, day: day, microseconds: micros).sinceEpoch
            // The zone is unknown, so a date may seem to be up to a day late.
            year = date > (latest ?? .max) &+ (latest == nil ? 0 : CivilTime.microsecondsADay) ? now - 1 : now
        }
        if case .yearless(let before, _, _)? = previous, before - month > 6 { year = (year ?? 2_000) + 1 }
        return CivilTime(year: year ?? 2_000, month: month, day: day, microseconds: micros).sinceEpoch
    }
}

extension Stamp {
    fileprivate var hasZone: Bool { if case .wall(_, hasZone: true) = self { true } else { false } }

    /// Whether both come from the same kind of clock, so that their difference means something.
    fileprivate func isLike(_ other: Stamp) -> Bool {
        switch (self, other) {
        case (.wall(_, let left), .wall(_, let right)): left == right
        case (.yearless, .yearless), (.clock, .clock), (.uptime, .uptime): true
        default: false
        }
    }
}
