package import ShutdownTrace

/// Turns another program's log, in pieces of any size, into the items of a trace.
///
/// The first lines decide which program wrote it; from then on each line becomes events by that program's rules, or
/// stays a `log.line`. Every event comes from ``Source/importer`` and carries its `line`; what the log does not say in
/// so many words is marked `inferred`. Memory is bounded by the longest line that is accepted.
package struct LogImporter: Sendable {
    /// Lines that are looked at before the program is decided, unless the input ends or rests before.
    package static let window = 64

    /// The program that wrote the log; nil until it is known, and for one that no rule knows.
    package private(set) var program: String?
    /// Lines read so far.
    package var lineNumber: Int { reader.number }
    /// The time of the newest line.
    package var time: Time { clock.last }

    private let name: String
    private var reader = LineReader()
    private var matcher: Matcher
    private var clock: LogClock
    private var limiter: LogLineLimiter
    private var shutdown = ShutdownReconstructor()
    private var undecided: [Entry] = []
    private var hasHeader = false
    private var sequence = 0
    private var complaints = 0
    private var hasRestarted = false

    /// A line by its number; the first lines wait until the program is decided.
    private struct Entry {
        enum Content {
            case line(LogLine)
            /// The line cannot be read.
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
    package init(rules: RuleBook = .builtIn, name: String = "log", latest: Int64? = nil, limit: Limit = .none) {
        self.name = name
        limiter = LogLineLimiter(limit)
        matcher = Matcher(rules)
        let scaled = latest?.multipliedReportingOverflow(by: 1_000_000)
        clock = LogClock(latest: scaled?.overflow == false ? scaled?.partialValue : nil)
    }

    /// Reads the next bytes and hands over the items that they complete, in order.
    package mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (TraceReader.Item) -> Void) {
        var reader = self.reader
        reader.read(bytes) { receive($0, number: $1, found) }
        self.reader = reader
    }

    /// Reads the next bytes and returns the items that they complete.
    package mutating func read(_ bytes: [UInt8]) -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        bytes.withUnsafeBytes { read($0) { items.append($0) } }
        return items
    }

    /// Tells that nothing more has come for a while: what was held back to recognise the program is handed over.
    ///
    /// A followed log may rest before its first 64 lines are there.
    package mutating func rest() -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        if !undecided.isEmpty { begin { items.append($0) } }
        return items
    }

    /// Tells that no more bytes come.
    package mutating func end() -> [TraceReader.Item] {
        var items: [TraceReader.Item] = []
        var reader = self.reader
        reader.end { line, number in receive(line, number: number) { items.append($0) } }
        self.reader = reader
        if !hasHeader { begin { items.append($0) } }
        release { items.append($0) }
        return items
    }

    private mutating func receive(_ line: LineReader.Line, number: Int, _ found: (TraceReader.Item) -> Void) {
        guard let content = content(of: line, number) else { return }
        let entry = Entry(number: number, content: content)
        if hasHeader { return convert(entry, found) }
        if case .line(let line) = content { matcher.look(at: line.bytes) }
        undecided.append(entry)
        if undecided.count >= Self.window { begin(found) }
    }

    private func content(of line: LineReader.Line, _ number: Int) -> Entry.Content? {
        switch line {
        case .tooLong: return .problem("longer than \(TraceReader.longestLine) bytes, skipped")
        case .whole(let bytes), .unended(let bytes):
            let line = LogLine(number == 1 ? Self.withoutMark(bytes) : bytes)
            return line.isBlank ? line.oddity.map(Entry.Content.problem) : .line(line)
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
        for entry in undecided where rehearsal.origin == nil { _ = rehearsal.time(of: entry.stamp) }
        let started = rehearsal.hasDate ? rehearsal.origin.map { CivilTime(sinceEpoch: $0).rfc3339(decimals: 6) } : nil
        let isTimed = rehearsal.origin != nil
        var facts = RunFacts()
        facts.isUntimed = !isTimed
        let title = program ?? name
        found(.header(Header(started: started ?? "", clock: .zero, title: title, command: "", fields: facts.fields)))
        if !isTimed, !undecided.isEmpty {
            found(.problem(line: undecided[0].number, "no time on any line so far: lines are 1 ms apart here"))
        }
        for entry in undecided { convert(entry, found) }
        undecided = []
    }

    private mutating func convert(_ entry: Entry, _ found: (TraceReader.Item) -> Void) {
        switch entry.content {
        case .problem(let text): complain(text, entry.number, found)
        case .line(let line): convert(line, entry.number, found)
        }
    }

    private mutating func convert(_ line: LogLine, _ number: Int, _ found: (TraceReader.Item) -> Void) {
        let (time, oddity) = clock.time(of: line.stamp)
        if let oddity { complain(oddity, number, found) }
        if let oddity = line.oddity { complain(oddity, number, found) }
        let matches = matcher.match(line.bytes, at: shutdown.stage)
        program = matcher.program
        if shutdown.isOver, !hasRestarted, matches.contains(where: \.startsProcess) {
            hasRestarted = true
            found(.problem(line: number, "the program starts again: only its first shutdown is told; cut the log here"))
        }
        var told: [Event] = []
        for fact in matches.flatMap({ $0.facts(at: time) }) { told += shutdown.events(for: fact) }
        let held = LogLineLimiter.Held(line: line, number: number, time: time)
        guard !told.isEmpty else {
            if limiter.pass(held) { pass(held, found) }
            return
        }
        release(found)
        // The words of the line go with the first event that the line tells itself.
        let spoken = told.firstIndex { !$0.isInferred } ?? told.count - 1
        told[spoken].quote(line.text, line.level)
        for event in told { pass(event, number, found) }
    }

    /// Reports a line that cannot be read as it is; after twenty reports only that there are more.
    private mutating func complain(_ text: String, _ number: Int, _ found: (TraceReader.Item) -> Void) {
        complaints += 1
        if complaints <= 20 { found(.problem(line: number, text)) }
        if complaints == 21 { found(.problem(line: number, "and more lines like that: no more of them are named")) }
    }

    /// Hands over the lines that were held back, and says how many before them are left out.
    private mutating func release(_ found: (TraceReader.Item) -> Void) {
        let (gap, lines) = limiter.release()
        if let gap {
            let text = "\(gap.count) lines that say nothing of a shutdown are left out here"
            let event = Event(.log(.line(text: text, nil, count: gap.count)), from: .importer, at: gap.time)
            pass(event, gap.number, found)
        }
        for held in lines { pass(held, found) }
    }

    private mutating func pass(_ held: LogLineLimiter.Held, _ found: (TraceReader.Item) -> Void) {
        let payload = Payload.log(.line(text: held.line.text, held.line.level))
        pass(Event(payload, from: .importer, at: held.time), held.number, found)
    }

    private mutating func pass(_ event: Event, _ number: Int, _ found: (TraceReader.Item) -> Void) {
        sequence += 1
        var event = event
        event.sequence = sequence
        event.lineNumber = number
        found(.event(event))
    }
}
