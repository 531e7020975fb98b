import Foundation
package import LogImport
import ShutdownBoard
package import ShutdownTrace

/// A recorded run, or one that comes over a pipe, line by line as it is read, and its verdict at the end.
package struct PlainReplay {
    private let name: String
    private let limit: Time?
    private var teller: Teller
    private var translator: Translator
    private var reader = TraceReader()
    private var board = Board()
    /// Whether an event after the limit came.
    private var isPast = false

    /// - Parameters:
    ///   - name: What problems are reported of.
    ///   - limit: Where it stops; nil reads to the end.
    ///   - rules: What the lines of logs mean.
    ///   - latest: Seconds since 1970 that no line of a log is later than.
    ///   - isASCII: Whether only ASCII may be printed.
    package init(name: String, upTo limit: Time? = nil, rules: RuleBook, latest: Int64? = nil, isASCII: Bool) {
        (self.name, self.limit) = (name, limit)
        teller = Teller(isASCII: isASCII)
        translator = Translator(
            name: name.split(separator: "/").last.map(String.init) ?? name, rules: rules, latest: latest)
    }

    /// Reads a file to the end, or up to a moment, and prints.
    ///
    /// - Throws: `Failure` when there is nothing to read.
    package static func tell(_ file: String, _ rules: RuleBook, upTo limit: Time?, isASCII: Bool) throws {
        let input = open(file, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw Failure("Cannot open \(file): \(String(cString: strerror(errno))).") }
        defer { close(input) }
        var status = stat()
        fstat(input, &status)
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure("\(file) is a folder. Name a trace in it.") }
        let latest = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_mtim.tv_sec) : nil
        var replay = PlainReplay(name: file, upTo: limit, rules: rules, latest: latest, isASCII: isASCII)
        try replay.run(input, recording: file)
    }

    /// Reads to the end and prints.
    ///
    /// - Throws: `Failure` when there is nothing to read.
    package mutating func run(_ input: Int32, recording: String?) throws {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while !isPast {
            var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let ready = poll(&polled, 1, translator.mayHoldBack ? 200 : -1)
            if ready == 0 { take(translator.rest()) }
            guard ready > 0 else { continue }
            let count = read(input, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("Cannot read \(name): \(String(cString: strerror(errno))).") }
            guard count > 0 else { break }
            take(translator.take(Array(bytes[..<count])))
        }
        take(translator.end())
        for item in reader.end() { take(item) }
        if let complaint = translator.complaint { throw Failure("Cannot show \(name): \(complaint).") }
        guard board.eventCount > 0 else {
            throw Failure("\(name) holds no event. Is it a trace, as drainboard demo --record FILE writes it?")
        }
        guard !isPast else { return }
        Console.print("")
        Console.print(try Report(board, recording: recording).formatted(.text, ascii: teller.isASCII))
    }

    private mutating func take(_ bytes: [UInt8]) {
        for item in reader.read(bytes) { take(item) }
    }

    private mutating func take(_ item: TraceReader.Item) {
        switch item {
        case .header(let header): board.apply(header)
        case .event(let event):
            if let limit, event.time > limit { isPast = true }
            guard !isPast else { return }
            board.apply(event)
            teller.tell(board)
        case .problem(let line, let text): Console.error("\(name), line \(line): \(text)")
        }
    }
}
