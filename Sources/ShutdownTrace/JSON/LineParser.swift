/// Reads one line of JSON into a header, an event, or a sentence that says what is wrong with it.
///
/// Written for traces: one pass over the bytes, no tree, no Foundation. Everything that JSON allows in a flat object
/// is understood (RFC 8259); a nested value is kept as its text.
public struct LineParser {
    /// What a line holds.
    public enum Line: Hashable, Sendable {
        case header(Header)
        case event(Event)
    }

    /// Why a line was skipped.
    ///
    /// The text completes "line 12: …".
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// Parses one line without its newline.
    ///
    /// - Throws: `Problem`, for anything but a header or an event.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Line {
        var events: [Event] = []
        var entries: [Fields.Entry] = []
        entries.reserveCapacity(6)
        if let header = try read(bytes, into: &events, &entries) { return .header(header) }
        events[0].fields = Fields(entries)
        return .event(events[0])
    }

    /// Parses one line into the header that it is, or into one more event, whose fields are appended to those of others.
    static func read(
        _ bytes: UnsafeRawBufferPointer, into events: inout [Event], _ entries: inout [Fields.Entry]
    ) throws(Problem) -> Header? {
        let start = entries.count
        var scanner = JSONScanner(bytes)
        var line = Parts()
        try line.takeHead(from: &scanner, &entries)
        while let key = try scanner.key() {
            if let head = key.known, head.isOfEveryEvent {
                try line.take(head, from: &scanner, &entries)
            } else {
                entries.append(.init(key, try scanner.value()))
            }
        }
        guard let kind = line.kind else {
            let fields = Fields(line.own + entries[start...])
            guard let version = fields.int(.drainboard) else { throw Problem("not an event: it has no \"ev\"") }
            return try header(fields, version)
        }
        events.append(try event(kind, line))
        return nil
    }

    /// The four fields that every event has, each where it stands first, and the others.
    private struct Parts {
        var sequence: Int?
        var time: Time?
        var source: Source?
        var kind: EventKind?
        /// The name of an event of unknown kind.
        var name = ""

        /// The keys of an event that this line has, as plain fields: a header keeps them so.
        var own: [Fields.Entry] {
            let own: [Fields.Entry?] = [
                sequence.map { .init(Fields.Key(.seq), .number($0)) }, time.map { .init(Fields.Key(.t), .time($0)) },
                source.map { .init(Fields.Key(.src), .string($0.rawValue)) },
            ]
            return own.compactMap { $0 }
        }

        /// Takes the four where they stand as ``LineWriter`` puts them, so that their keys need not be looked up.
        mutating func takeHead(from scanner: inout JSONScanner, _ rest: inout [Fields.Entry]) throws(Problem) {
            guard scanner.goesOn(with: #"{"seq":"#) else { return }
            if let number = scanner.whole() { sequence = number } else { try take(.seq, from: &scanner, &rest) }
            guard scanner.goesOn(with: #","t":"#) else { return }
            try take(.t, from: &scanner, &rest)
            guard scanner.goesOn(with: #","src":"#) else { return }
            try take(.src, from: &scanner, &rest)
            guard scanner.goesOn(with: #","ev":"#) else { return }
            try take(.ev, from: &scanner, &rest)
        }

        @inline(__always)
        mutating func take(
            _ key: KnownKey, from scanner: inout JSONScanner, _ rest: inout [Fields.Entry]
        ) throws(Problem) {
            if case .t = key, time == nil, let seconds = try scanner.time() {
                time = seconds
            } else if let word = try scanner.word() {
                take(key, word, &rest)
            } else {
                try takeValue(key, from: &scanner, &rest)
            }
        }

        private mutating func takeValue(
            _ key: KnownKey, from scanner: inout JSONScanner, _ rest: inout [Fields.Entry]
        ) throws(Problem) {
            let value = try scanner.value()
            switch value {
            case .int(let number) where key == .seq && sequence == nil: sequence = Int(clamping: number)
            case .string(var text): text.withUTF8 { take(key, UnsafeRawBufferPointer($0), &rest) }
            default: rest.append(.init(Fields.Key(key), value))
            }
        }

        @inline(__always)
        private mutating func take(_ key: KnownKey, _ word: UnsafeRawBufferPointer, _ rest: inout [Fields.Entry]) {
            if case .ev = key, kind == nil {
                let known = EventKind.lexicon[word] ?? .unknown
                if case .unknown = known { name = String(decoding: word, as: UTF8.self) }
                kind = known
            } else if case .src = key, source == nil, let known = Source.lexicon[word] {
                source = known
            } else {
                rest.append(.init(Fields.Key(key), .string(String(decoding: word, as: UTF8.self))))
            }
        }
    }

    /// Parses one line without its newline.
    public static func parse(_ text: String) throws(Problem) -> Line {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(Problem) in
            try parse(UnsafeRawBufferPointer(bytes))
        }
    }

    /// The fields of any flat JSON object, for readers of other programs' logs.
    public static func fields(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Fields {
        var scanner = JSONScanner(bytes)
        return Fields(try scanner.object())
    }

    /// The fields of any flat JSON object.
    public static func fields(_ text: String) throws(Problem) -> Fields {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(Problem) in
            try fields(UnsafeRawBufferPointer(bytes))
        }
    }

    private static func header(_ fields: Fields, _ version: Int) throws(Problem) -> Header {
        guard version >= 1 else { throw Problem("\"drainboard\" is \(version), not a format version") }
        guard version <= Header.currentVersion else {
            throw Problem(
                "written by a newer Drainboard (format \(version), this one reads up to \(Header.currentVersion))")
        }
        let known: Set<Fields.Key> = ["drainboard", "started", "clock", "title", "command", "pid"]
        return Header(
            started: fields.string("started") ?? "", clock: fields.time("clock") ?? .zero,
            title: fields.string("title") ?? "", command: fields.string("command") ?? "", pid: fields.int("pid"),
            fields: Fields(fields.entries.filter { !known.contains($0.key) }), version: version)
    }

    private static func event(_ kind: EventKind, _ line: Parts) throws(Problem) -> Event {
        var name: String { kind == .unknown ? line.name : kind.rawValue }
        guard let time = line.time else { throw Problem("\(name) has no time \"t\" in seconds") }
        guard let source = line.source else { throw Problem("\(name) has no known \"src\"") }
        let sequence = line.sequence ?? 0
        if case .unknown = kind { return Event(name: name, from: source, at: time, sequence: sequence) }
        return Event(kind, from: source, at: time, sequence: sequence)
    }
}
