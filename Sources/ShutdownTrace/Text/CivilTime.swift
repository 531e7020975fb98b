/// A date and a time of day in UTC, by the proleptic Gregorian calendar and without leap seconds.
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    /// 1...12.
    package var month: Int
    /// 1...31.
    package var day: Int
    /// Since midnight, in microseconds.
    package var microseconds: Int64

    package static let microsecondsADay: Int64 = 86_400_000_000

    /// Microseconds since 1970-01-01T00:00:00Z.
    package var sinceEpoch: Int64 {
        Int64(Self.days(year, month, day)) * Self.microsecondsADay + microseconds
    }

    package init(year: Int, month: Int, day: Int, microseconds: Int64) {
        self.year = year
        self.month = month
        self.day = day
        self.microseconds = microseconds
    }

    package init(sinceEpoch total: Int64) {
        var day = total / Self.microsecondsADay
        var rest = total % Self.microsecondsADay
        if rest < 0 {
            day -= 1
            rest += Self.microsecondsADay
        }
        let date = Self.date(Int(day))
        self.init(year: date.year, month: date.month, day: date.day, microseconds: rest)
    }

    /// As RFC 3339 writes it, with so many decimals of a second and no rounding: `2026-01-31T17:02:11.250Z`.
    ///
    /// A file name takes another `colon`, such as "-".
    package func rfc3339(decimals: Int, colon: String = ":") -> String {
        let seconds = microseconds / 1_000_000
        let unit = (decimals..<6).reduce(1 as Int64) { unit, _ in unit * 10 }
        let date = [year.digits(4), month.digits(2), day.digits(2)].joined(separator: "-")
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0.digits(2) }.joined(separator: colon)
        return "\(date)T\(clock).\((microseconds % 1_000_000 / unit).digits(decimals))Z"
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

    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
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
