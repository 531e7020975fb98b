/// Cuts the bytes of a run into pieces of whole lines.
struct Carver: Sendable {
    /// A piece that is not decoded yet.
    struct Slice: Sendable {
        /// Counts the slices of one run from 0.
        var number: Int
        var range: Range<Int>
        /// Empty for a line that is too long.
        var bytes: [UInt8]
    }

    /// What is cut so far ends here.
    private(set) var offset = 0
    private var number = 0
    /// Bytes behind `offset` that are known to hold no newline.
    private var searched = 0
    private let size: Int
    private let longestLine: Int

    init(size: Int, longestLine: Int) {
        self.size = size
        self.longestLine = longestLine
    }

    /// The next piece; nil when no whole line is left.
    ///
    /// A line that is longer than a piece makes the piece longer, up to the longest line; what is longer still is
    /// walked through, and never held.
    mutating func next(_ store: Store) -> Slice? {
        var window = size
        while searched <= longestLine {
            var bytes = store.read(offset..<offset + window)
            if let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) {
                bytes.removeSubrange((newline + 1)...)
                return cut(bytes, bytes.count)
            }
            searched = bytes.count
            if bytes.count < window { return nil }
            window *= 2
        }
        return skip(store)
    }

    private mutating func skip(_ store: Store) -> Slice? {
        while true {
            let bytes = store.read(offset + searched..<offset + searched + max(size, 1 << 16))
            if let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) { return cut([], searched + newline + 1) }
            searched += bytes.count
            if bytes.isEmpty { return nil }
        }
    }

    /// What stands behind the last newline: the torn last line, or one that is still being written.
    mutating func tail(_ store: Store) -> Slice? {
        guard searched > 0 else { return nil }
        guard searched <= longestLine else { return cut([], searched) }
        let bytes = store.read(offset..<offset + searched)
        return bytes.isEmpty ? nil : cut(bytes, bytes.count)
    }

    private mutating func cut(_ bytes: [UInt8], _ count: Int) -> Slice {
        defer {
            offset += count
            number += 1
            searched = 0
        }
        return Slice(number: number, range: offset..<offset + count, bytes: bytes)
    }
}
