#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Turns the bytes of a trace, in pieces of any size, into its header, its events and what is wrong with it.
///
/// Nothing in a trace makes it stop: a broken line is reported with its number and the rest is still read. Memory is
/// bounded by the longest line that it accepts.
public struct TraceReader: Sendable {
    /// One thing found in a trace.
    public enum Item: Hashable, Sendable {
        case header(Header)
        case event(Event)
        /// A line that is neither, with its number from 1 and a text that completes "line 12: …".
        case problem(line: Int, String)
    }

    /// Lines longer than this many bytes are reported and skipped.
    public static let longestLine = 1 << 20

    private var pending: [UInt8] = []
    private var isSkipping = false
    /// Lines seen so far, complete or not.
    public private(set) var lineNumber = 0

    public init() {}

    /// Reads the next piece and hands over what it completes, in order.
    public mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (Item) -> Void) {
        var start = 0
        while let newline = Self.newline(in: bytes, from: start) {
            finish(UnsafeRawBufferPointer(rebasing: bytes[start..<newline]), found)
            start = newline + 1
        }
        let rest = bytes[start...]
        guard !isSkipping else { return }
        if pending.count + rest.count > Self.longestLine {
            isSkipping = true
            pending = []
        } else {
            pending += rest
        }
    }

    /// Reads the next piece and returns what it completes.
    public mutating func read(_ bytes: [UInt8]) -> [Item] {
        var items: [Item] = []
        bytes.withUnsafeBytes { read($0) { items.append($0) } }
        return items
    }

    /// Tells that no more bytes come.
    ///
    /// A last line without a newline was torn when the writer was killed, unless it happens to be whole.
    public mutating func end() -> [Item] {
        guard !pending.isEmpty || isSkipping else { return [] }
        lineNumber += 1
        defer { (pending, isSkipping) = ([], false) }
        guard !isSkipping else { return [tooLong] }
        var items: [Item] = []
        pending.withUnsafeBytes { parse($0) { items.append($0) } }
        if case .problem? = items.first, pending.last != UInt8(ascii: "}") {
            return [.problem(line: lineNumber, "torn: the writer ended in the middle of it (\(pending.count) bytes)")]
        }
        return items
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start).map { base.distance(to: $0) }
    }

    private mutating func finish(_ tail: UnsafeRawBufferPointer, _ found: (Item) -> Void) {
        lineNumber += 1
        defer {
            pending.removeAll(keepingCapacity: true)
            isSkipping = false
        }
        if isSkipping || pending.count + tail.count > Self.longestLine { return found(tooLong) }
        if pending.isEmpty { return parse(tail, found) }
        pending += tail
        pending.withUnsafeBytes { parse($0, found) }
    }

    private func parse(_ line: UnsafeRawBufferPointer, _ found: (Item) -> Void) {
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return }
        do throws(LineParser.Problem) {
            switch try LineParser.parse(line) {
            case .header(let header): found(.header(header))
            case .event(let event): found(.event(event))
            }
        } catch {
            found(.problem(line: lineNumber, error.description))
        }
    }

    private var tooLong: Item { .problem(line: lineNumber, "longer than \(Self.longestLine) bytes, skipped") }
}
