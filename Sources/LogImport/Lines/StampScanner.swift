internal import ShutdownTrace

/// Reads one timestamp, digit by digit, in any of the forms that logs use.
///
/// RFC 3339 and its relatives (Go's log, nginx, PostgreSQL, Python's logging), RFC 3164 (syslog), the common log format,
/// klog, asctime, a time of day, epoch numbers, and the kernel's seconds since the start.
struct StampScanner {
    private let line: [UInt8]
    private let start: Int
    private(set) var offset: Int

    init(line: [UInt8], start: Int) {
        self.line = line
        self.start = start
        offset = start
    }

    mutating func stamp() -> Stamp? {
        guard let first = peek else { return nil }
        if first.isLetter {
            return attempt { $0.klog() } ?? attempt { $0.monthFirst() } ?? attempt { $0.weekday() }
        }
        return attempt { $0.yearFirst() } ?? attempt { $0.commonLog() } ?? attempt { $0.httpDate() }
            ?? attempt { $0.epoch() } ?? attempt { $0.timeOfDay() }
    }

    /// `[   12.345678]`: the opening bracket is read already.
    mutating func uptime() -> Stamp? {
        while take(" ") {}
        guard let seconds = digits(1...9), take("."), let micros = digits(6...6), take("]") else { return nil }
        return .uptime(Int64(seconds) * 1_000_000 + Int64(micros))
    }

    private mutating func attempt(_ read: (inout Self) -> Stamp?) -> Stamp? {
        var copy = self
        guard let stamp = read(&copy) else { return nil }
        self = copy
        return stamp
    }

    /// `2026-11-22T19:00:00.250Z`, `2026/11/22 19:00:00`, `2026-11-22 19:00:00,250`, `2026-11-22 19:00:00.250 CET`.
    private mutating func yearFirst() -> Stamp? {
        guard let year = digits(4...4), let mark = peek, "-/.".utf8.contains(mark) else { return nil }
        offset += 1
        guard let month = digits(2...2), peek == mark else { return nil }
        offset += 1
        guard let day = digits(2...2), take("T") || take("t") || take(" ") || take("_"), let time = clock() else {
            return nil
        }
        return wall(year, month, day, time)
    }

    /// `22/Nov/2026:19:00:00 +0000`, and HAProxy's `22/Nov/2026:19:00:00.123`.
    private mutating func commonLog() -> Stamp? {
        guard let day = digits(1...2), take("/"), let month = monthName(), take("/"), let year = digits(4...4),
            take(":"), let time = clock()
        else { return nil }
        return wall(year, month, day, time)
    }

    /// `22 Nov 2026 19:00:00 GMT`, with or without the weekday before it.
    private mutating func httpDate() -> Stamp? {
        guard let day = digits(1...2), take(" ") || take("-"), let month = monthName(), take(" ") || take("-"),
            let year = digits(4...4), take(" "), let time = clock()
        else { return nil }
        return wall(year, month, day, time)
    }

    /// `Nov 22 19:00:00`, `Nov 22 19:00:00.123456`, and asctime's `Nov 22 19:00:00 2026`.
    private mutating func monthFirst() -> Stamp? {
        guard let month = monthName(), take(" ") else { return nil }
        _ = take(" ")
        guard let day = digits(1...2), (1...31).contains(day), take(" "), let time = clock() else { return nil }
        let behind = offset
        if take(" "), let year = digits(4...4), (1970...2200).contains(year), peek?.isLetterOrDigit != true {
            return wall(year, month, day, time)
        }
        offset = behind
        return .yearless(month: month, day: day, microseconds: time)
    }

    private mutating func weekday() -> Stamp? {
        guard let name = name(), ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].contains(name) else { return nil }
        _ = take(",")
        guard take(" ") else { return nil }
        return monthFirst() ?? httpDate() ?? yearFirst()
    }

    /// `I1122 19:00:00.000000`: level, month and day (klog, glog).
    private mutating func klog() -> Stamp? {
        guard let level = peek, "IWEF".utf8.contains(level) else { return nil }
        offset += 1
        guard let month = digits(2...2), (1...12).contains(month), let day = digits(2...2), (1...31).contains(day),
            take(" "), let time = clock()
        else { return nil }
        return .yearless(month: month, day: day, microseconds: time)
    }

    /// Seconds with or without decimals, milliseconds, microseconds or nanoseconds, all of them whole words.
    private mutating func epoch() -> Stamp? {
        guard start == 0 || !line[start - 1].isLetterOrDigit, let whole = digits(10...19) else { return nil }
        guard [10, 13, 16, 19].contains(offset - start) else { return nil }
        let isSeconds = offset - start == 10
        var micros: Int64 = 0
        if isSeconds, take(".") { micros = fraction() ?? 0 }
        guard peek?.isLetterOrDigit != true, peek != UInt8(ascii: "-") else { return nil }
        if isSeconds { return .wall(Int64(whole) * 1_000_000 + micros, hasZone: true) }
        return Stamp(epoch: Double(whole))
    }

    /// A time of day counts only at the beginning of a line: elsewhere it may be part of the message.
    private mutating func timeOfDay() -> Stamp? {
        guard start <= 1, let time = clock(), peek?.isLetterOrDigit != true else { return nil }
        return .clock(time)
    }

    private mutating func wall(_ year: Int, _ month: Int, _ day: Int, _ time: Int64) -> Stamp? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let zone = zone()
        let local = CivilTime(year: year, month: month, day: day, microseconds: time).sinceEpoch
        return .wall(local - (zone ?? 0), hasZone: zone != nil)
    }

    /// `19:00:00`, with a fraction after a point or a comma.
    private mutating func clock() -> Int64? {
        guard let hour = digits(2...2), hour < 24, take(":"), let minute = digits(2...2), minute < 60, take(":"),
            let second = digits(2...2), second < 61
        else { return nil }
        let whole = Int64(hour * 3_600 + minute * 60 + second) * 1_000_000
        let behind = offset
        if take(".") || take(",") {
            if let fraction = fraction() { return whole + fraction }
            offset = behind
        }
        return whole
    }

    /// `Z`, `+02:00`, ` +0200`, `-03`, ` UTC`, in microseconds east; nil for none, and for names that say no number.
    private mutating func zone() -> Int64? {
        let behind = offset
        _ = take(" ")
        if take("Z") || take("z") { return 0 }
        if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            offset += 1
            if let hours = digits(2...2), hours <= 14 {
                _ = take(":")
                let minutes = digits(2...2) ?? 0
                if peek?.isLetterOrDigit != true {
                    let east = Int64(hours * 3_600 + minutes * 60) * 1_000_000
                    return sign == UInt8(ascii: "-") ? -east : east
                }
            }
        } else if let name = name(), ["utc", "gmt"].contains(name) {
            return 0
        }
        offset = behind
        return nil
    }

    private mutating func monthName() -> Int? {
        name().flatMap { Self.months.firstIndex(of: $0) }.map { $0 + 1 }
    }

    /// Three letters that are a word of their own.
    private mutating func name() -> String? {
        guard offset + 3 <= line.count, line[offset..<offset + 3].allSatisfy(\.isLetter) else { return nil }
        guard offset + 3 == line.count || !line[offset + 3].isLetter else { return nil }
        defer { offset += 3 }
        return String(decoding: line[offset..<offset + 3].map(\.lowercased), as: UTF8.self)
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Decimals of a second as microseconds; the seventh and later are read and ignored.
    private mutating func fraction() -> Int64? {
        let first = offset
        var micros: Int64 = 0
        while let byte = peek, byte.isDigit, offset - first < 12 {
            if offset - first < 6 { micros = micros * 10 + Int64(byte & 15) }
            offset += 1
        }
        guard offset > first else { return nil }
        for _ in min(offset - first, 6)..<6 { micros *= 10 }
        return micros
    }

    private mutating func digits(_ count: ClosedRange<Int>) -> Int? {
        let first = offset
        var value = 0
        while let byte = peek, byte.isDigit, offset - first < count.upperBound {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow, tens <= .max - 9 else { return nil }
            value = tens + Int(byte & 15)
            offset += 1
        }
        return count.contains(offset - first) ? value : nil
    }

    private var peek: UInt8? { offset < line.count ? line[offset] : nil }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: wanted) else { return false }
        offset += 1
        return true
    }
}
