/// Days and seconds of the proleptic Gregorian calendar, for wall clocks in logs.
///
/// No time zones and no leap seconds: a log's own offset is subtracted, and a clock without one is taken as it is.
struct CivilTime: Hashable, Sendable {
    var year: Int
    /// 1...12.
    var month: Int
    /// 1...31.
    var day: Int
    /// Since midnight, in microseconds.
    var microseconds: Int64

    static let microsecondsADay: Int64 = 86_400_000_000

    /// Microseconds since 1970-01-01T00:00:00Z.
    var sinceEpoch: Int64 {
        Int64(Self.days(year, month, day)) * Self.microsecondsADay + microseconds
    }

    init(year: Int, month: Int, day: Int, microseconds: Int64) {
        (self.year, self.month, self.day, self.microseconds) = (year, month, day, microseconds)
    }

    init(sinceEpoch total: Int64) {
        var day = total / Self.microsecondsADay
        var rest = total % Self.microsecondsADay
        if rest < 0 {
            day -= 1
            rest += Self.microsecondsADay
        }
        (year, month, self.day) = Self.date(Int(day))
        microseconds = rest
    }

    /// `2026-01-31T17:02:11.250000Z`.
    var rfc3339: String {
        let seconds = microseconds / 1_000_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { Self.padded(Int($0), 2) }
        let date = [Self.padded(year, 4), Self.padded(month, 2), Self.padded(day, 2)].joined(separator: "-")
        return "\(date)T\(clock.joined(separator: ":")).\(Self.padded(Int(microseconds % 1_000_000), 6))Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
