/// Text that was pasted into the terminal, or dropped on it.
package struct Paste: Hashable, Sendable {
    /// At most the first 4096 bytes, with everything that is in them.
    package let text: String
    /// Whether its end came.
    package let isWhole: Bool

    package init(text: String, isWhole: Bool) {
        self.text = text
        self.isWhole = isWhole
    }
}

/// A bracketed paste under way: what was pasted up to now, and how much of the mark of its end has come.
struct PasteBuffer {
    private static let end = [ASCII.escape] + Array("[201~".utf8)
    private static let limit = 4096

    private var kept: [UInt8] = []
    private var matched = 0

    var text: String { String(decoding: kept, as: UTF8.self) }

    /// Takes a byte; true when it is the last of the mark.
    mutating func isOver(with byte: UInt8) -> Bool {
        if byte == Self.end[matched] {
            matched += 1
            return matched == Self.end.count
        }
        keep(Self.end[..<matched])
        matched = byte == ASCII.escape ? 1 : 0
        if matched == 0 { keep([byte]) }
        return false
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        kept += bytes.prefix(Self.limit - min(kept.count, Self.limit))
    }
}
