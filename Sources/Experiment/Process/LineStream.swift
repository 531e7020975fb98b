import Glibc
import Platform
import ShutdownTrace

/// One of the server's output streams, cut into lines of bounded length.
struct LineStream {
    /// The most bytes that are kept of a printed line; a trace line may have as many as a trace allows.
    static let longestText = 4_096
    /// Printed lines that are kept of a burst, and of each second after it; of more, only the last are kept.
    ///
    /// A server that prints without end must not fill the trace, nor wait for its reader: a line that is kept costs a
    /// hundred times as much as a line that is only counted.
    static let mostLines = 10_000, steadyLines = 1_000
    /// A long line counts as several lines of this many bytes.
    private static let usualLine = 512
    /// How much of the lines beyond that is kept, in bytes and in lines.
    private static let tailSize = 16_384, tailLines = 200

    /// What its lines are.
    enum Content: Hashable, Sendable {
        /// Printed lines, or on standard output a trace.
        case printed(StandardStream)
        /// A trace, and no output.
        case trace
    }

    let descriptor: Int32
    private(set) var isOpen = true
    private let content: Content
    private let voice: OutputReader.Voice
    private let reporter: Reporter
    private var pending: [UInt8] = []
    private var isTooLong = false
    /// The fault was reported that lines of the channel are no events.
    private var isStrange = false
    private var dropped = 0
    private var nextComplaint = Time.zero
    /// How many lines may still be kept, and the second in which that was counted.
    private var room = (second: Int64(0), lines: mostLines)
    /// The last bytes of the lines that were too many.
    private var tail: [UInt8] = []
    /// The time at the server's own `t` 0 (CLOCK_MONOTONIC), from its header.
    private var origin: Time?
    /// Whether the lines have times of their own, so that they need not be read at once.
    var isTrace: Bool { origin != nil }

    init(_ content: Content, descriptor: Int32, _ voice: OutputReader.Voice, _ reporter: Reporter) {
        self.descriptor = descriptor
        self.content = content
        self.voice = voice
        self.reporter = reporter
    }

    /// Reads what a pipe without an end holds, a bounded number of times because a process may still write.
    mutating func readRest(_ buffer: inout [UInt8], _ output: OutputTail) {
        for _ in 0..<64 {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard isOpen, poll(&wait, 1, 0) > 0 else { return }
            read(&buffer, output)
        }
    }

    /// Reads once; at the end of file the last line counts even without a newline.
    mutating func read(_ buffer: inout [UInt8], _ output: OutputTail) {
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            finish(output)
            Glibc.close(descriptor)
            isOpen = false
            return
        }
        take(buffer[..<count], output)
    }

    mutating func take(_ bytes: ArraySlice<UInt8>, _ output: OutputTail) {
        let second = reporter.clock.now.microseconds / 1_000_000
        if second != room.second {
            takeTail(output)
            let seconds = Int(min(60, max(0, second - room.second)))
            room = (second, min(Self.mostLines, room.lines + seconds * Self.steadyLines))
        }
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while let newline = bytes.newline(from: start) {
                if room.lines <= 0, !isTrace { break }
                append(Self.part(bytes, start..<newline))
                room.lines -= 1 + min(pending.count, Self.longestText) / Self.usualLine
                line(output)
                start = newline + 1
            }
            let rest = Self.part(bytes, start..<bytes.count)
            if isLate || rest.newline(from: 0) != nil { skip(rest) } else { append(rest) }
        }
    }

    /// Whether lines were too many since the last pause.
    var isLate: Bool { !tail.isEmpty }

    /// Takes the last of the lines that were too many.
    mutating func takeTail(_ output: OutputTail) {
        guard isLate else { return }
        let bytes = tail
        tail = []
        // The first line mostly lacks its beginning.
        let start = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var lines = bytes[start...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let rest = lines.popLast() ?? []
        lines = lines.suffix(Self.tailLines)
        dropped = max(0, dropped - lines.count)
        pending = []
        isTooLong = false
        for bytes in lines {
            bytes.withUnsafeBytes { append($0) }
            line(output)
        }
        rest.withUnsafeBytes { append($0) }
    }

    mutating func finish(_ output: OutputTail) {
        takeTail(output)
        if !pending.isEmpty { line(output) }
        tellDropped(isLast: true)
    }

    /// Counts lines, and keeps the last of them.
    private mutating func skip(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while let newline = bytes.newline(from: start) {
            dropped += 1
            start = newline + 1
        }
        let last = Self.part(bytes, max(0, bytes.count - Self.tailSize)..<bytes.count)
        tail = tail.suffix(Self.tailSize - last.count) + last
    }

    private static func part(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// Reports many dropped lines at once, because there may be more every second.
    private mutating func tellDropped(isLast: Bool = false) {
        let now = reporter.clock.now
        guard dropped > 0, isLast || now >= nextComplaint else { return }
        let name = if case .printed(let stream) = content { stream.rawValue } else { "trace" }
        reporter.fault(
            dropped == 1
                ? "A line that the server printed on standard \(name) came too fast and was not kept."
                : "\(dropped) lines that the server printed on standard \(name) came too fast and were not kept.")
        dropped = 0
        nextComplaint = now + .seconds(10)
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let room = TraceReader.longestLine - pending.count
        if bytes.count > room { isTooLong = true }
        pending += Self.part(bytes, 0..<max(0, min(room, bytes.count)))
    }

    private mutating func line(_ output: OutputTail) {
        defer {
            pending.removeAll(keepingCapacity: pending.capacity <= 65_536)
            isTooLong = false
        }
        if !isTooLong, content != .printed(.error), pending.first == UInt8(ascii: "{"), takeTrace(output) { return }
        guard case .printed(let stream) = content else { return tellStrange() }
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        let isCut = isTooLong || pending.count > Self.longestText
        let text = String(decoding: pending.prefix(Self.longestText), as: UTF8.self) + (isCut ? "…" : "")
        output.add(text, on: stream)
        if case .silent = voice { return }
        if reporter.isCrowded {
            dropped += 1
            return
        }
        tellDropped()
        var instance: Int?
        if case .instance(let number) = voice { instance = number }
        reporter.tell(.process(.printed(stream, text: text)), from: .supervisor, instance: instance)
    }

    private mutating func tellStrange() {
        guard !pending.isEmpty, !isStrange else { return }
        isStrange = true
        reporter.fault("The server wrote something to its trace that is no event of it. Such lines are left out.")
    }

    /// Takes only events of the server itself: a server cannot forge those of another source.
    private mutating func takeTrace(_ output: OutputTail) -> Bool {
        switch pending.withUnsafeBytes({ try? LineParser.parse($0) }) {
        case .header(let header):
            origin = header.clock
            return true
        case .event(var event) where event.source == .server:
            event.time = origin.map { reporter.clock.rebase(event.time, from: $0) } ?? reporter.clock.now
            output.take(event)
            switch voice {
            case .judged(let hear):
                hear(event)
                reporter.pass(event)
            case .instance(let number):
                event.namedInstance = number
                reporter.pass(event)
            case .silent: break
            }
            return true
        default: return false
        }
    }
}
