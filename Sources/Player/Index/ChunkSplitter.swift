/// Splits the bytes of a run into chunks of whole lines.
struct ChunkSplitter: Sendable {
    /// A chunk that is not decoded yet.
    struct Slice: Sendable {
        /// Counts the slices of one run from 0.
        var number: Int
        var range: Range<Int>
        /// Empty for a line that is too long.
        var bytes: [UInt8]
    }

    /// Where the next chunk begins.
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

    /// The next chunk; nil when no whole line is left.
    ///
    /// A line that is longer than a chunk makes the chunk longer, up to the longest line; a longer line is skipped, and
    /// never held in memory.
    mutating func next(_ file: RecordingFile) -> Slice? {
        var window = size
        while searched <= longestLine {
            var bytes = file.read(offset..<offset + window)
            if let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) {
                bytes.removeSubrange((newline + 1)...)
                return cut(bytes, bytes.count)
            }
            searched = bytes.count
            if bytes.count < window { return nil }
            window *= 2
        }
        return skip(file)
    }

    private mutating func skip(_ file: RecordingFile) -> Slice? {
        while true {
            let bytes = file.read(offset + searched..<offset + searched + max(size, 1 << 16))
            if let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) { return cut([], searched + newline + 1) }
            searched += bytes.count
            if bytes.isEmpty { return nil }
        }
    }

    /// The bytes behind the last newline: a torn last line, or a line that is still being written.
    mutating func tail(_ file: RecordingFile) -> Slice? {
        guard searched > 0 else { return nil }
        guard searched <= longestLine else { return cut([], searched) }
        let bytes = file.read(offset..<offset + searched)
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
