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
    public static let longestLine = LineReader.longestLine

    private var lines = LineReader()
    /// Lines seen so far, complete or not.
    public var lineNumber: Int { lines.number }

    public init() {}

    /// Reads the next piece and hands over what it completes, in order.
    public mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (Item) -> Void) {
        lines.read(bytes) { line, number in
            if let item = Self.item(line, number) { found(item) }
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
        var items: [Item] = []
        lines.end { line, number in
            if let item = Self.item(line, number) { items.append(item) }
        }
        return items
    }

    private static func item(_ line: LineReader.Line, _ number: Int) -> Item? {
        switch line {
        case .whole(let bytes): return parse(bytes, number)
        case .tooLong: return .problem(line: number, "longer than \(longestLine) bytes, skipped")
        case .unended(let bytes):
            let item = parse(bytes, number)
            guard case .problem? = item, bytes.last != UInt8(ascii: "}") else { return item }
            return .problem(line: number, "torn: the writer ended in the middle of it (\(bytes.count) bytes)")
        }
    }

    private static func parse(_ line: UnsafeRawBufferPointer, _ number: Int) -> Item? {
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return nil }
        do throws(LineParser.Problem) {
            switch try LineParser.parse(line) {
            case .header(let header): return .header(header)
            case .event(let event): return .event(event)
            }
        } catch {
            return .problem(line: number, error.description)
        }
    }
}
