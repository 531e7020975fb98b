/// Times and spans as text.
extension Time {
    /// As a person writes it: `7 ms`, `1.0 s`, `2 m 05 s`.
    package var words: String {
        let magnitude = microseconds.magnitude
        let sign = microseconds < 0 ? "-" : ""
        if magnitude < 1_000 { return "\(sign)\(magnitude) µs" }
        if magnitude < 99_950 { return "\(sign)\((magnitude + 500) / 1_000) ms" }
        if magnitude < 119_950_000 { return tenths + " s" }
        let seconds = (magnitude + 500_000) / 1_000_000
        return "\(sign)\(seconds / 60) m \((seconds % 60).digits(2)) s"
    }

    /// As a limit is written: `45 s` where it is whole seconds, else as ``words``.
    package var limitWords: String {
        microseconds % 1_000_000 == 0 && Swift.abs(microseconds) < 120_000_000 ? "\(microseconds / 1_000_000) s" : words
    }

    /// Seconds with one decimal and no unit: `3.8`.
    package var tenths: String { decimals(1) }

    /// Seconds with so many decimals, at most six, rounded to them: `1.005`.
    ///
    /// A minus stands only before a number that does not round to zero. A plus stands before any other number where a
    /// sign is wanted: `+1.005`, `+0.000`.
    package func decimals(_ count: Int, isSigned: Bool = false) -> String {
        let unit = (count..<6).reduce(1 as UInt64) { unit, _ in unit * 10 }
        let rounded = (microseconds.magnitude + unit / 2) / unit
        let second = 1_000_000 / unit
        let sign = microseconds < 0 && rounded > 0 ? "-" : isSigned ? "+" : ""
        return "\(sign)\(rounded / second)" + (count > 0 ? "." + (rounded % second).digits(count) : "")
    }
}
