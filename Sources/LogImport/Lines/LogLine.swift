internal import ShutdownTrace

/// One line of a log, taken apart: its time, its level and its message.
struct LogLine: Sendable {
    var stamp: Stamp?
    /// How serious the line is, as far as it tells.
    var level: LogLevel?
    /// The message without its time, for a person to read.
    var text: String
    /// The bytes that rules look at: the whole line, or the fields of a JSON object as `key=value` and its message.
    var bytes: [UInt8]

    /// A sentence about bytes that had to be left out or replaced; nil for a line of UTF-8 without zeros.
    private(set) var oddity: String?

    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 } }

    /// Takes apart the bytes of one line, whatever they are.
    init(_ raw: UnsafeRawBufferPointer) {
        let first = raw.first { $0 != 0x20 && $0 != 0x09 }
        if first == UInt8(ascii: "{"), let fields = try? LineParser.fields(raw) {
            self.init(fields)
        } else {
            self.init(plain: LogText.clean(raw))
            oddity = LogText.oddity(of: raw)
        }
    }

    private init(plain line: [UInt8]) {
        bytes = line
        level = LogLevel.find(in: line)
        guard let (stamp, range) = Stamp.find(in: line) else {
            text = LogText.string(line)
            return
        }
        self.stamp = stamp
        // A stamp in front is shown as the time; in the middle of a line it is part of the message.
        let skipped: Set<UInt8> = Set(" ]:\t".utf8)
        let rest = line[range.upperBound...].drop { skipped.contains($0) }
        let isInFront = range.lowerBound <= 1 && !rest.isEmpty
        text = LogText.string(isInFront ? rest : line[...])
        if level == nil, range.lowerBound == 0, let first = line.first, first.isLetter,
            line.dropFirst().first?.isDigit == true
        {
            level = LogLevel.klog[first]
        }
    }

    // MARK: JSON objects, recognised by their keys

    private static let times: [Fields.Key] = [
        "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "time", "ts", "timestamp", "@timestamp", "t", "datetime",
        "date", "eventTime", "asctime", "timeMillis", "timeNano", "__MONOTONIC_TIMESTAMP",
    ]
    private static let levels: [Fields.Key] = ["level", "severity", "lvl", "log.level", "levelname", "PRIORITY"]
    private static let messages: [Fields.Key] = ["MESSAGE", "msg", "message", "log", "event", "short_message", "body"]

    private static let known = Set(times + levels)

    private init(_ fields: Fields) {
        let message = Self.messages.first { fields[$0] != nil }
        var said = message.flatMap { Self.message(fields[$0]) } ?? []
        var inner: LogLine?
        // Docker's json-file: the program's own line is inside, with its own time and level.
        if message == "log", fields.string("stream") != nil || fields.string("time") != nil {
            let nested = said.withUnsafeBytes { LogLine($0) }
            inner = nested
            said = nested.bytes
        }
        let time = Self.times.first { fields[$0] != nil && fields[$0] != .null }
        stamp = inner?.stamp ?? time.flatMap { Self.stamp(fields[$0], isUptime: $0 == "__MONOTONIC_TIMESTAMP") }
        level =
            inner?.level ?? Self.levels.lazy.compactMap { LogLevel(fields[$0], isSyslog: $0 == "PRIORITY") }.first
        if level == nil { level = LogLevel.find(in: said) }
        let isJournal = message == "MESSAGE"
        bytes = isJournal ? Self.journalPrefix(fields) : Self.pairs(fields, without: message)
        bytes += LogText.clean(said)
        text = inner?.text ?? LogText.string(message == nil ? bytes : LogText.clean(said))
    }

    /// A message is text, or, in the journal, an array of bytes when it is no text.
    private static func message(_ value: Fields.Value?) -> [UInt8]? {
        switch value {
        case .string(let text): Array(text.utf8)
        case .raw(let text) where text.hasPrefix("["):
            text.dropFirst().dropLast().split(separator: ",").compactMap { UInt8($0.filter { $0 != " " }) }
        case .int(let number): Array(String(number).utf8)
        default: nil
        }
    }

    private static func stamp(_ value: Fields.Value?, isUptime: Bool) -> Stamp? {
        switch value {
        case .string(let text):
            if isUptime, let micros = Int64(text) { return .uptime(micros) }
            if let number = Double(text) { return Stamp(epoch: number) }
            return Stamp.find(in: Array(text.utf8.prefix(96)))?.stamp
        case .int(let number): return Stamp(epoch: Double(number))
        case .double(let number): return Stamp(epoch: number)
        default: return nil
        }
    }

    /// `systemd[1]: `, as the journal's short form has it.
    private static func journalPrefix(_ fields: Fields) -> [UInt8] {
        let name = fields.string("SYSLOG_IDENTIFIER") ?? fields.string("_COMM") ?? ""
        let pid = fields.string("_PID") ?? fields.string("SYSLOG_PID") ?? ""
        return Array("\(name)[\(pid)]: ".utf8)
    }

    /// Every other field as `key=value `, and the fields of a nested object, such as swift-log's metadata.
    private static func pairs(_ fields: Fields, without message: Fields.Key?) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in fields.entries.prefix(64)
        where entry.key != message && !known.contains(entry.key) && bytes.count < Pattern.reach / 2 {
            switch entry.value {
            case .string(let text): bytes += LogText.clean("\(entry.key.rawValue)=\(text) ".utf8.prefix(512))
            case .int(let number): bytes += "\(entry.key.rawValue)=\(number) ".utf8
            case .bool(let flag): bytes += "\(entry.key.rawValue)=\(flag) ".utf8
            case .raw(let text) where text.hasPrefix("{"):
                let nested = Array(text.utf8).withUnsafeBytes { try? LineParser.fields($0) }
                if let nested { bytes += flat(nested) }
            case .double, .null, .raw: break
            }
        }
        return bytes
    }

    private static func flat(_ fields: Fields) -> [UInt8] {
        fields.entries.prefix(32).flatMap { entry -> [UInt8] in
            guard case .string(let text) = entry.value else { return [] }
            return LogText.clean("\(entry.key.rawValue)=\(text) ".utf8.prefix(512))
        }
    }
}
