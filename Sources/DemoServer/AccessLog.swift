import Dispatch
import Glibc
import ShutdownTrace
import Synchronization

/// The access log: one line a request, buffered in the server, written in pieces, flushed last of all.
///
/// What is in the buffer when a process is killed never reaches the file; that is the price of a buffer, and the
/// audit after the exit counts it. A full disk costs lines, which are counted, and never a request.
final class AccessLog: Resource {
    let name = ResourceName.log
    let emitter: Emitter

    private struct Buffer {
        var bytes: [UInt8] = []
        /// Lines handed over so far.
        var handed = 0
        var toldAt = Time.zero
    }

    private struct File {
        var written = 0
        var lost = 0
        var hasFailed = false
    }

    private let path: String
    private let descriptor: Int32
    private let limit: Time
    private let buffer = Mutex(Buffer())
    private let file = Mutex(File())
    private let queue = DispatchQueue(label: "access log")

    /// Bytes that wait in the buffer before they are written.
    private static let piece = 16 * 1024

    init(path: String, emitter: Emitter, limit: Time) throws(Fault) {
        self.path = path
        self.emitter = emitter
        self.limit = limit
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Fault(
                "the access log \(path) cannot be written (\(Fault.words(errno))); name a file in a folder that you "
                    + "may write to")
        }
        tellAcquired("file")
    }

    /// Adds the line of one finished request.
    func append(at time: Time, id: Int, method: String, path: String, status: Int, took: Time) {
        let line = "\(time.seconds) \(id) \(method) \(path) \(status) \(took.microseconds)us\n"
        let (piece, told) = buffer.withLock { buffer in
            buffer.bytes += line.utf8
            buffer.handed += 1
            var told: Int?
            if time - buffer.toldAt >= .seconds(1) { (buffer.toldAt, told) = (time, buffer.handed) }
            guard buffer.bytes.count >= Self.piece else { return ([UInt8](), told) }
            defer { buffer.bytes = [] }
            return (buffer.bytes, told)
        }
        if let told { emitter.emit(.logWritten, [.lines: .number(told)]) }
        if !piece.isEmpty { queue.async { self.write(piece) } }
    }

    func beginRelease() -> Int {
        buffer.withLock { $0.bytes.count { $0 == UInt8(ascii: "\n") } }
    }

    func release() async throws(Fault) -> String {
        let done = Moment()
        queue.async {
            self.write(self.buffer.withLock { $0.bytes })
            close(self.descriptor)
            done.pass()
        }
        guard await done.wait(atMost: limit) == .passed else {
            throw Fault("the access log could not be flushed within \(limit.seconds) s")
        }
        let (written, lost) = file.withLock { ($0.written, $0.lost) }
        emitter.emit(.logFlushed, [.lines: .number(written), .lost: .number(lost)])
        return lost == 0 ? "\(written) lines" : "\(written) lines, \(lost) not written"
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                giveUp(on: bytes, written: bytes.count - rest.count, because: errno)
                return
            }
        }
        file.withLock { $0.written += Self.lines(in: bytes[...]) }
    }

    /// Takes a torn line back, so that the file ends with a whole one, and counts what is missing.
    private func giveUp(on bytes: [UInt8], written: Int, because code: Int32) {
        let head = bytes[..<written]
        let torn = head.count - ((head.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        var status = stat()
        if torn > 0, fstat(descriptor, &status) == 0 { _ = ftruncate(descriptor, status.st_size - torn) }
        let isFirst = file.withLock { file in
            defer { file.hasFailed = true }
            file.written += Self.lines(in: head)
            file.lost += Self.lines(in: bytes[...]) - Self.lines(in: head)
            return !file.hasFailed
        }
        guard isFirst else { return }
        emitter.report(
            Fault(
                "the access log \(path) takes no more lines (\(Fault.words(code))); the server goes on without them: "
                    + "make room on that disk"))
    }

    private static func lines(in bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }
}
