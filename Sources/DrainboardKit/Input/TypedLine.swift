import ShutdownTrace

/// What came over standard input: a line that a person typed, or the end of it.
enum TypedLine: Equatable, Sendable {
    /// A line of printable text, without the blanks around it; never empty.
    case text(String)
    /// A line of more than ``TypedLines/longest`` bytes.
    case tooLong
    /// A line with control bytes, or that is no UTF-8.
    case unreadable
    /// Nothing will come any more.
    case end
    /// The terminal is gone.
    case hangup
}

/// Cuts bytes into the lines that a person typed, within bounded memory.
struct TypedLines {
    static let longest = 200

    private var pending: [UInt8] = []
    private var isTooLong = false

    /// The lines that end in these bytes.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [TypedLine] {
        bytes.compactMap { byte in
            if byte == UInt8(ascii: "\n") { return line() }
            if pending.count < Self.longest { pending.append(byte) } else { isTooLong = true }
            return nil
        }
    }

    /// The last line, where it lacks its newline.
    mutating func end() -> TypedLine? { line() }

    /// Nil for an empty line.
    private mutating func line() -> TypedLine? {
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if isTooLong { return .tooLong }
        guard let text = String(validating: pending, as: UTF8.self) else { return .unreadable }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return nil }
        return words == printable(words) ? .text(words) : .unreadable
    }
}
