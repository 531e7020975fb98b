internal import ShutdownBoard
internal import ShutdownTrace

/// Some whole lines of a run, decoded.
///
/// The same bytes always give the same chunk, so the index keeps only where it lies, and decodes it again for each
/// reader.
struct Chunk: Sendable {
    private(set) var events: [Event] = []
    /// For each event the number of its line within the chunk, from 0.
    private(set) var lineOfEvent: [Int] = []
    /// Headers and problems, in order.
    private(set) var others: [Other] = []
    /// Lines in all, empty ones too.
    private(set) var lines = 0

    /// A line that is no event.
    struct Other: Sendable {
        enum Content: Sendable {
            case header(Header)
            case problem(String)
        }

        var line: Int
        /// How many events of the chunk come before it.
        var place: Int
        var content: Content
    }

    /// Whether the last line seems to be cut off: its last byte is neither a newline nor a brace.
    let isTorn: Bool

    init() {
        isTorn = false
    }

    /// Decodes lines; the last may lack its newline.
    init(_ bytes: [UInt8]) {
        isTorn = bytes.last.map { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "}") } ?? false
        var batch = LineBatch(capacity: bytes.count / 100)
        lineOfEvent.reserveCapacity(bytes.count / 100)
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let end = buffer.newline(from: start) ?? buffer.count
                decode(UnsafeRawBufferPointer(rebasing: buffer[start..<end]), &batch)
                start = end + 1
            }
        }
        events = batch.take()
    }

    /// One line that is not decoded.
    init(problem: String) {
        isTorn = false
        others = [Other(line: 0, place: 0, content: .problem(problem))]
        lines = 1
    }

    private mutating func decode(_ line: UnsafeRawBufferPointer, _ batch: inout LineBatch) {
        defer { lines += 1 }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return }
        do throws(LineParser.Problem) {
            guard line.count <= TraceReader.longestLine else {
                return add(.problem(Self.tooLong), behind: batch.count)
            }
            if let header = try batch.read(line) { return add(.header(header), behind: batch.count) }
            lineOfEvent.append(lines)
        } catch {
            add(.problem(error.description), behind: batch.count)
        }
    }

    static let tooLong = "longer than \(TraceReader.longestLine) bytes, skipped"

    private mutating func add(_ content: Other.Content, behind place: Int) {
        others.append(Other(line: lines, place: place, content: content))
    }

    /// Adds an item of a live run.
    mutating func append(_ item: TraceReader.Item) {
        switch item {
        case .event(let event):
            events.append(event)
            lineOfEvent.append(lines)
        case .header(let header): add(.header(header), behind: events.count)
        case .problem(_, let text): add(.problem(text), behind: events.count)
        }
        lines += 1
    }

    /// Folds the chunk, up to and without the event at `limit`, into a board.
    ///
    /// - Parameters:
    ///   - board: Has seen everything before the chunk.
    ///   - skipped: Events that the board has already seen.
    ///   - limit: Events of the chunk that the board shall have seen afterwards; lines between them and the next event count.
    ///   - seen: Called after each event with the event, its place in the chunk, and the board, which it only looks at:
    ///     passed by reference, its kilobytes are not copied for every event.
    func fold(
        into board: inout Board, from skipped: Int = 0, upTo limit: Int,
        _ seen: (Event, Int, inout Board) -> Void = { _, _, _ in }
    ) {
        var rest = others[...]
        if skipped > 0 { rest = rest.drop { $0.place <= skipped } }
        for index in skipped..<max(skipped, min(limit, events.count)) {
            while let other = rest.first, other.place <= index {
                other.apply(to: &board)
                rest.removeFirst()
            }
            let event = events[index]
            board.apply(event)
            seen(event, index, &board)
        }
        for other in rest where other.place <= limit { other.apply(to: &board) }
    }
}

extension Chunk.Other {
    func apply(to board: inout Board) {
        if case .header(let header) = content { board.apply(header) }
    }
}
