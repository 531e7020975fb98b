package import LogImport
import ShutdownBoard
package import ShutdownTrace

/// A recorded run, or one that comes over a pipe, line by line as it is read, and its verdict at the end.
package struct PlainReplay {
    private let name: String
    private let limit: Time?
    private var printer: PlainPrinter
    private var converter: LogConverter
    private var reader = TraceReader()
    private var board = Board()
    /// Whether an event after the limit came.
    private var isPast = false

    /// - Parameters:
    ///   - name: The input's name in a problem.
    ///   - limit: Where it stops; nil reads to the end.
    ///   - rules: What the lines of logs mean.
    ///   - latest: Seconds since 1970 that no line of a log is later than.
    ///   - isASCII: Whether only ASCII may be printed.
    package init(name: String, upTo limit: Time? = nil, rules: RuleBook, latest: Int64? = nil, isASCII: Bool) {
        self.name = name
        self.limit = limit
        printer = PlainPrinter(isASCII: isASCII)
        converter = LogConverter(name: name.fileName, rules: rules, latest: latest)
    }

    /// Reads a file to the end, or up to a moment, and prints.
    ///
    /// - Throws: `Failure` when there is nothing to read.
    package static func print(_ file: String, _ rules: RuleBook, upTo limit: Time?, isASCII: Bool) throws {
        let input = try InputFile.opened(file)
        var replay = PlainReplay(name: file, upTo: limit, rules: rules, latest: input.modified, isASCII: isASCII)
        try replay.run(input.descriptor, recording: file)
    }

    /// Reads to the end and prints.
    ///
    /// - Throws: `Failure` when there is nothing to read.
    package mutating func run(_ input: Int32, recording: String?) throws {
        var converter = converter
        try converter.convert(input, named: name, isFollowed: true) { lines, _, _ in
            for item in reader.read(lines) { show(item) }
            return !isPast
        }
        for item in reader.end() { show(item) }
        if let complaint = converter.complaint { throw Failure("Cannot show \(name): \(complaint).") }
        guard board.eventCount > 0 else { throw Failure.noEvent(in: name) }
        guard !isPast else { return }
        Console.print("")
        Console.print(try Report(board, recording: recording).formatted(.text, printer.style))
    }

    private mutating func show(_ item: TraceReader.Item) {
        if case .problem(let line, let text) = item { Console.error("\(name), line \(line): \(text)") }
        if case .event(let event) = item, let limit, event.time > limit { isPast = true }
        guard !isPast else { return }
        board.apply(item)
        if case .event = item { printer.print(board) }
    }
}
