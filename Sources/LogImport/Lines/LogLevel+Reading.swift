internal import ShutdownTrace

/// How serious a line is, read from the words, letters and numbers that loggers write.
extension LogLevel {
    private static let words: [String: LogLevel] = [
        "trace": .trace, "debug": .debug, "debug1": .debug, "info": .info, "information": .info, "log": .info,
        "notice": .notice, "warn": .warning, "warning": .warning, "error": .error, "err": .error, "severe": .error,
        "crit": .critical, "critical": .critical, "fatal": .critical, "alert": .critical, "emerg": .critical,
        "panic": .critical,
    ]

    /// The letter that klog begins a line with.
    static let klog: [UInt8: LogLevel] = [
        UInt8(ascii: "I"): .info, UInt8(ascii: "W"): .warning, UInt8(ascii: "E"): .error, UInt8(ascii: "F"): .critical,
    ]

    /// Severities of syslog, 0 to 7 (RFC 5424, section 6.2.1).
    private static let syslog: [LogLevel] = [
        .critical, .critical, .critical, .error, .warning, .notice, .info, .debug,
    ]

    private static let pino: [Int64: LogLevel] = [
        10: .trace, 20: .debug, 30: .info, 40: .warning, 50: .error, 60: .critical,
    ]

    /// The level at the head of a line: `INFO`, `[notice]`, `level=warn`, or a small word right after the stamp.
    static func find(in line: [UInt8]) -> LogLevel? {
        var index = 0
        let end = min(line.count, 100)
        while index < end {
            guard line[index].isLetter else {
                index += 1
                continue
            }
            let start = index
            while index < line.count, line[index].isLetterOrDigit { index += 1 }
            guard index - start <= 11, isMarked(line, start, index) else { continue }
            let word = String(decoding: line[start..<index].map(\.lowercased), as: UTF8.self)
            if let level = words[word] { return level }
        }
        return nil
    }

    /// Whether a word is in capitals, between brackets, after `=` or before a colon: not just a word of the message.
    private static func isMarked(_ line: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let before = start > 0 ? line[start - 1] : 0
        let after = end < line.count ? line[end] : UInt8(ascii: " ")
        if before == UInt8(ascii: "["), after == UInt8(ascii: "]") { return true }
        if before == UInt8(ascii: "=") || before == UInt8(ascii: "\"") { return true }
        if line[start..<end].allSatisfy({ !$0.isLetter || $0 & 0x20 == 0 }) { return " :][".utf8.contains(after) }
        // swift-log: "2026-11-22T19:00:00+0000 debug label:".
        return start > 10 && start < 40 && before == UInt8(ascii: " ") && line[start - 2].isDigit && after == 0x20
    }

    /// The level in a JSON object: a word, a number of pino (10 trace … 60 fatal), or a severity of syslog.
    init?(_ value: Fields.Value?, isSyslog: Bool) {
        let level: LogLevel? =
            switch value {
            case .string(let text): isSyslog ? Int(text).flatMap(Self.severity) : Self.words[text.lowercased()]
            case .int(let number): isSyslog ? Self.severity(Int(number)) : Self.pino[number]
            default: nil
            }
        guard let level else { return nil }
        self = level
    }

    private static func severity(_ number: Int) -> LogLevel? {
        syslog.indices.contains(number) ? syslog[number] : nil
    }
}
