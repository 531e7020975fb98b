internal import ShutdownTrace

/// The column of each moment in the lanes, the same for all rows.
///
/// The line stays in its column: before a signal it is the present, from the first signal on it is that signal. Later
/// moments stand at its right; when the room there is full, one cell becomes a longer time.
struct TimeScale: Hashable, Sendable {
    /// The column of the line.
    let line: Int
    /// The first and the last column.
    let first: Int
    let last: Int
    /// The time of one cell.
    let unit: Time
    /// The moment at the line.
    let origin: Time

    /// A scale for columns `first...last`; `signal` is the moment of the first one, `now` the latest to be shown.
    init(first: Int, last: Int, signal: Time?, now: Time) {
        let width = max(1, last - first + 1)
        self.first = first
        self.last = last
        line = first + width * 2 / 5
        let before = max(1, width * 2 / 5)
        let after = max(1, last - line)
        let base = Self.step { $0 * Int64(before) >= 2_500_000 }
        guard let signal else {
            unit = base
            // The window moves by whole cells, so that no bar changes its length on the way.
            let cells = (now.microseconds + base.microseconds - 1) / base.microseconds
            origin = Time(microseconds: cells * base.microseconds)
            return
        }
        let elapsed = max(0, (now - signal).microseconds)
        unit = Self.step { $0 >= base.microseconds && $0 * Int64(after) >= elapsed + $0 }
        origin = signal
    }

    /// The column of a moment, and how many eighths of that cell lie before it.
    func cell(_ time: Time) -> (column: Int, eighths: Int) {
        let distance = (time - origin).microseconds
        let eighth = max(1, unit.microseconds / 8)
        if distance >= 0 {
            let cells = min(distance / unit.microseconds, 1_000_000)
            return (line + 1 + Int(cells), Int(distance % unit.microseconds / eighth))
        }
        let cells = min((-distance + unit.microseconds - 1) / unit.microseconds, 1_000_000)
        return (line - Int(cells), 0)
    }

    /// The smallest of 0.2, 0.5, 1, 2, 5, … s that is enough.
    private static func step(_ isEnough: (Int64) -> Bool) -> Time {
        var power: Int64 = 100_000
        while power < 1_000_000_000_000 {
            for factor: Int64 in [2, 5, 10] where isEnough(power * factor) { return Time(microseconds: power * factor) }
            power *= 10
        }
        return Time(microseconds: power)
    }
}
