/// Cuts bytes that come in pieces of any size into lines, in memory bounded by the longest line that it accepts.
public struct LineReader: Sendable {
    /// Nothing is kept of lines longer than this many bytes.
    public static let longestLine = 1 << 20

    private var pending: [UInt8] = []
    private var isSkipping = false
    /// Lines seen so far, complete or not.
    public private(set) var number = 0

    /// What became of a line, without its newline; the bytes are valid only while they are handed over.
    public enum Line {
        case whole(UnsafeRawBufferPointer)
        /// The input ended in it: it has no newline, and its writer may have been killed in the middle of it.
        case unended(UnsafeRawBufferPointer)
        /// Longer than ``LineReader/longestLine``.
        case tooLong
    }

    public init() {}

    /// Reads the next piece and hands over the lines that it completes, in order, each with its number from 1.
    public mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (Line, _ number: Int) -> Void) {
        var start = 0
        while let newline = bytes.newline(from: start) {
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

    /// Tells that no more bytes come, and hands over the last line if it has no newline.
    public mutating func end(_ found: (Line, _ number: Int) -> Void) {
        guard isSkipping || !pending.isEmpty else { return }
        number += 1
        defer {
            pending = []
            isSkipping = false
        }
        if isSkipping { return found(.tooLong, number) }
        pending.withUnsafeBytes { found(.unended($0), number) }
    }

    private mutating func finish(_ tail: UnsafeRawBufferPointer, _ found: (Line, _ number: Int) -> Void) {
        number += 1
        defer {
            pending.removeAll(keepingCapacity: true)
            isSkipping = false
        }
        if isSkipping || pending.count + tail.count > Self.longestLine { return found(.tooLong, number) }
        if pending.isEmpty { return found(.whole(tail), number) }
        pending += tail
        pending.withUnsafeBytes { found(.whole($0), number) }
    }
}
