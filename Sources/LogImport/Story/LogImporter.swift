public import ShutdownTrace

/// Turns another program's log, in pieces of any size, into the items of a trace.
///
/// The first lines decide which program wrote it; from then on each line becomes events by that program's rules, or
/// stays a `log.line`. Every event comes from ``Source/importer`` and carries its `line`; what the log does not say in
/// so many words is marked `inferred`. Memory is bounded by the longest line that is accepted.
public struct LogImporter: Sendable {
    /// Lines that are looked at before the program is decided, unless the input ends or rests before.
    public static let window = 64

    /// The program that wrote the log; nil until it is known, and for one that no rule knows.
    public private(set) var program: String?
    /// Whether the lines carry times; false means that they are one millisecond apart.
    public var hasTimes: Bool { clock.origin != nil }
    /// Lines read so far.
    public var lineNumber: Int { reader.number }
    /// The time of the newest line.
    public var time: Time { clock.last }

    private let name: String
    private var reader = LineReader()
    private var matcher: Matcher
    private var clock: LogClock
    private var sieve: Sieve
    private var story = Story()
    private var waiting: [Waiting] = []
    private var hasHeader = false
    private var sequence = 0
    private var complaints = 0
    private var hasRestarted = false

    /// What was read before it was known who wrote it.
    private struct Waiting {
        enum Content {
            case line(LogLine)
            /// Nothing of it can be read.
            case problem(String)
        }

        var number: Int
        var content: Content

        var stamp: Stamp? { if case .line(let line) = content { line.stamp } else { nil } }
    }

    /// An importer for one log.
    ///
    /// - Parameters:
    ///   - rules: ``RuleBook/builtIn``, or that extended by a rules file.
    ///   - name: The title of a run whose program no rule knows, such as the file's name.
    ///   - latest: Seconds since 1970 that no line is later than, such as the file's modification time; gives a year to
    ///     dates without one. Without it such a log has times, but no date.
    ///   - limit: How many lines that say nothing of the shutdown are handed over.
    public init(rules: RuleBook = .builtIn, name: String = "log", latest: Int64? = nil, limit: Limit = .none) {
        self.name = name
        sieve = Sieve(limit)
        matcher = Matcher(rules)
        let (micros, overflow) = (latest ?? 0).multipliedReportingOverflow(by: 1_000_000)
        clock = LogClock(latest: overflow ? nil : latest.map { _ in micros })
    }

    /// Reads the next piece and hands over what it completes, in order.
    public mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (TraceReader.Item) -> Void) {
        var reader = self.reader
        reader.read(bytes) { take($0, number: $1, found) }
        self.reader = reader
    }

    /// Reads the next piece and returns what it completes.
    public mutating func read(_ bytes: [UInt8]) -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        bytes.withUnsafeBytes { read($0) { items.append($0) } }
        return items
    }

    /// Tells that nothing more has come for a while: what was held back to recognise the program is handed over.
    ///
    /// A followed log may rest before its first 64 lines are there.
    public mutating func rest() -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        if !waiting.isEmpty { begin { items.append($0) } }
        return items
    }

    /// Tells that no more bytes come.
    public mutating func end() -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        var reader = self.reader
        reader.end { line, number in take(line, number: number) { items.append($0) } }
        self.reader = reader
        if !hasHeader { begin { items.append($0) } }
        release { items.append($0) }
        return items
    }

    private mutating func take(_ line: LineReader.Line, number: Int, _ found: (TraceReader.Item) -> Void) {
        guard let content = content(of: line, number) else { return }
        let entry = Waiting(number: number, content: content)
        if hasHeader { return convert(entry, found) }
        if case .line(let line) = content { matcher.look(at: line.bytes) }
        waiting.append(entry)
        if waiting.count >= Self.window { begin(found) }
    }

    private func content(of line: LineReader.Line, _ number: Int) -> Waiting.Content? {
        switch line {
        case .tooLong: return .problem("longer than \(TraceReader.longestLine) bytes, skipped")
        case .whole(let bytes), .unended(let bytes):
            let line = LogLine(number == 1 ? Self.withoutMark(bytes) : bytes)
            return line.isBlank ? line.oddity.map(Waiting.Content.problem) : .line(line)
        }
    }

    /// Without a byte order mark.
    private static func withoutMark(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
    }

    private mutating func begin(_ found: (TraceReader.Item) -> Void) {
        matcher.decide()
        program = matcher.program
        hasHeader = true
        // The stamps of these lines are read twice: the header needs the first of them.
        var rehearsal = clock
        for entry in waiting where rehearsal.origin == nil { _ = rehearsal.time(of: entry.stamp) }
        let started = rehearsal.hasDate ? rehearsal.origin.map { CivilTime(sinceEpoch: $0).rfc3339(decimals: 6) } : nil
        let isTimed = rehearsal.origin != nil
        let fields: Fields = isTimed ? [:] : ["untimed": true]
        found(
            .header(
                Header(started: started ?? "", clock: .zero, title: program ?? name, command: "", fields: fields)))
        if !isTimed, !waiting.isEmpty {
            found(.problem(line: waiting[0].number, "no time on any line so far: lines are 1 ms apart here"))
        }
        for entry in waiting { convert(entry, found) }
        waiting = []
    }

    private mutating func convert(_ entry: Waiting, _ found: (TraceReader.Item) -> Void) {
        let number = entry.number
        let line: LogLine
        switch entry.content {
        case .problem(let text): return complain(text, number, found)
        case .line(let read): line = read
        }
        let (time, oddity) = clock.time(of: line.stamp)
        if let oddity { complain(oddity, number, found) }
        if let oddity = line.oddity { complain(oddity, number, found) }
        let matches = matcher.match(line.bytes, at: story.stage)
        program = matcher.program
        if story.isOver, !hasRestarted, matches.contains(where: \.startsProcess) {
            hasRestarted = true
            found(.problem(line: number, "the program starts again: only its first shutdown is told; cut the log here"))
        }
        var told: [Event] = []
        for event in matches.flatMap({ $0.events(at: time) }) { told += story.tell(event) }
        guard !told.isEmpty else {
            guard sieve.pass(line, number, at: time) else { return }
            return pass([Event(.logLine, from: .importer, at: time)], line, number, found)
        }
        release(found)
        pass(told, line, number, found)
    }

    /// Says what is wrong with a line; after the twentieth of such sentences nobody reads on.
    private mutating func complain(_ text: String, _ number: Int, _ found: (TraceReader.Item) -> Void) {
        complaints += 1
        if complaints <= 20 { found(.problem(line: number, text)) }
        if complaints == 21 { found(.problem(line: number, "and more lines like that: no more of them are named")) }
    }

    /// Hands over the lines that were held back, and says how many before them are left out.
    private mutating func release(_ found: (TraceReader.Item) -> Void) {
        let (gap, lines) = sieve.release()
        if let gap {
            let text = "\(gap.count) lines that say nothing of a shutdown are left out here"
            sequence += 1
            found(
                .event(
                    Event(
                        .logLine, from: .importer, at: gap.time, sequence: sequence,
                        [.text: .string(text), .count: .number(gap.count), "line": .number(gap.number)])))
        }
        for held in lines { pass([Event(.logLine, from: .importer, at: held.time)], held.line, held.number, found) }
    }

    private mutating func pass(
        _ events: [Event], _ line: LogLine, _ number: Int, _ found: (TraceReader.Item) -> Void
    ) {
        // The words of the line go with the first event that it tells itself.
        let spoken = events.firstIndex { $0.fields.bool(.inferred) != true } ?? events.count - 1
        for (index, var event) in events.enumerated() {
            sequence += 1
            event.sequence = sequence
            event.fields["line"] = .number(number)
            if index == spoken {
                event.fields[.text] = .string(line.text)
                if let level = line.level { event.fields[.level] = .string(level) }
            }
            found(.event(event))
        }
    }
}
