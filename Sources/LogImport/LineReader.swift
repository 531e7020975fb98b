internal import ShutdownTrace

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Cuts bytes that come in pieces of any size into lines, in bounded memory.
struct LineReader: Sendable {
    private var pending: [UInt8] = []
    private var isSkipping = false
    /// Lines seen so far, complete or not.
    private(set) var number = 0

    /// What became of a line.
    enum Line {
        case whole(UnsafeRawBufferPointer)
        /// Longer than `TraceReader.longestLine`: nothing of it is kept.
        case tooLong
    }

    mutating func read(_ bytes: UnsafeRawBufferPointer, _ found: (inout Self, Line) -> Void) {
        var start = 0
        while let newline = Self.newline(in: bytes, from: start) {
            finish(UnsafeRawBufferPointer(rebasing: bytes[start..<newline]), found)
            start = newline + 1
        }
        let rest = bytes[start...]
        guard !isSkipping else { return }
        if pending.count + rest.count > TraceReader.longestLine {
            isSkipping = true
            pending = []
        } else {
            pending += rest
        }
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start).map { base.distance(to: $0) }
    }

    /// The last line, if it has no newline.
    mutating func end(_ found: (inout Self, Line) -> Void) {
        guard isSkipping || !pending.isEmpty else { return }
        finish(UnsafeRawBufferPointer(start: nil, count: 0), found)
    }

    private mutating func finish(_ tail: UnsafeRawBufferPointer, _ found: (inout Self, Line) -> Void) {
        number += 1
        defer { isSkipping = false }
        if isSkipping || pending.count + tail.count > TraceReader.longestLine {
            pending = []
            return found(&self, .tooLong)
        }
        guard !pending.isEmpty else { return found(&self, .whole(tail)) }
        let line = pending + tail
        pending = []
        line.withUnsafeBytes { found(&self, .whole($0)) }
    }
}
