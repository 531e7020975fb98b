import Glibc
import Platform

/// The file that the access log is written to: whole lines, as long as there is room.
enum LogSink {
    case file(Int32)
    /// The file behind a buffer of the C library, which exit(3) flushes and _exit(2) does not.
    case stream(UnsafeMutablePointer<FILE>)
    case closed

    /// Opens a file to append to; nil, with errno, when that is impossible.
    init?(_ path: String, isBuffered: Bool) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        self = .file(descriptor)
        guard isBuffered else { return }
        guard let stream = fdopen(descriptor, "a") else { return nil }
        setvbuf(stream, nil, Int32(_IOFBF), 1 << 20)
        self = .stream(stream)
    }

    var isClosed: Bool { if case .closed = self { true } else { false } }

    /// Writes as many whole lines as there is room for; errno says why not all.
    ///
    /// - Returns: The number of bytes that were written.
    func write(_ bytes: [UInt8]) -> Int {
        switch self {
        case .file(let descriptor):
            let count = writeWhatFits(bytes, to: descriptor)
            return count == bytes.count ? count : Self.removeTornLine(bytes[..<count], from: descriptor)
        case .stream(let stream): return fwrite(bytes, 1, bytes.count, stream)
        case .closed:
            errno = EBADF
            return 0
        }
    }

    /// Closes the file; a stream stays open until the exit.
    mutating func close() {
        if case .file(let descriptor) = self { _ = Glibc.close(descriptor) }
        self = .closed
    }

    /// Removes the torn line at the end of the file.
    ///
    /// - Returns: The number of written bytes that stay.
    private static func removeTornLine(_ written: ArraySlice<UInt8>, from descriptor: Int32) -> Int {
        let reason = errno
        defer { errno = reason }
        let whole = (written.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        var status = stat()
        if whole < written.count, fstat(descriptor, &status) == 0 {
            _ = ftruncate(descriptor, status.st_size - (written.count - whole))
        }
        return whole
    }
}
