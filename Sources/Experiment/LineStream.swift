import Glibc
import ShutdownTrace

/// One of the server's output streams, cut into lines of bounded length.
struct LineStream {
    /// What a printed line keeps at most, in bytes; a trace line may have as many as a trace allows.
    static let longestText = 4_096

    let descriptor: Int32
    private(set) var isOpen = true
    private let name: String
    private let voice: OutputReader.Voice
    private let reporter: Reporter
    private var pending: [UInt8] = []
    private var isTooLong = false
    /// Printed lines that were not kept.
    private var dropped = 0
    /// CLOCK_MONOTONIC at the server's own `t` 0, from its header.
    private var origin: Time?
    /// Whether its events bring their own times, so that nobody needs to hurry.
    var isTrace: Bool { origin != nil }

    init(descriptor: Int32, name: String, _ voice: OutputReader.Voice, _ reporter: Reporter) {
        self.descriptor = descriptor
        self.name = name
        self.voice = voice
        self.reporter = reporter
    }

    /// Reads once; at the end of file the last line counts even without a newline.
    mutating func read(_ buffer: inout [UInt8], _ word: ServerWord) {
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            finish(word)
            Glibc.close(descriptor)
            isOpen = false
            return
        }
        take(buffer[..<count], word)
    }

    mutating func take(_ bytes: ArraySlice<UInt8>, _ word: ServerWord) {
        var rest = bytes
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<newline])
            line(word)
            rest = rest[(newline + 1)...]
        }
        append(rest)
    }

    mutating func finish(_ word: ServerWord) {
        if !pending.isEmpty { line(word) }
        tellDropped()
    }

    private mutating func tellDropped() {
        guard dropped > 0 else { return }
        reporter.fault(
            "\(dropped) lines that the server printed on standard \(name) came too fast and were not kept.")
        dropped = 0
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let room = TraceReader.longestLine - pending.count
        if bytes.count > room { isTooLong = true }
        pending += bytes.prefix(max(0, room))
    }

    private mutating func line(_ word: ServerWord) {
        defer {
            pending.removeAll(keepingCapacity: pending.capacity <= 65_536)
            isTooLong = false
        }
        if !isTooLong, name == "out", pending.first == UInt8(ascii: "{"), takeTrace(word) { return }
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        let isCut = isTooLong || pending.count > Self.longestText
        let text = String(decoding: pending.prefix(Self.longestText), as: UTF8.self) + (isCut ? "…" : "")
        word.add(text, isError: name == "err")
        if case .silent = voice { return }
        if reporter.isCrowded {
            dropped += 1
            return
        }
        tellDropped()
        let fields: Fields = [.stream: .string(name), .text: .string(text)]
        if case .instance(let number) = voice {
            reporter.tell(.outputPrinted, from: .supervisor, fields.with(number))
        } else {
            reporter.tell(.outputPrinted, from: .supervisor, fields)
        }
    }

    /// Only what the server says of itself is taken as its trace: it cannot speak for another witness.
    private mutating func takeTrace(_ word: ServerWord) -> Bool {
        switch pending.withUnsafeBytes({ try? LineParser.parse($0) }) {
        case .header(let header):
            origin = header.clock
            return true
        case .event(var event) where event.source == .server:
            event.time = origin.map { reporter.clock.rebase(event.time, from: $0) } ?? reporter.clock.now
            word.take(event)
            if case .judged(let hear) = voice {
                hear(event)
                reporter.pass(event)
            }
            return true
        default: return false
        }
    }
}
