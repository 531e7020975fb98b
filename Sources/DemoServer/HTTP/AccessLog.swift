import Dispatch
import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// The access log: one line a request, buffered in the server, written in pieces, flushed last of all.
///
/// The lines in the buffer never reach the file when the process is killed; the audit after the exit counts them. A full
/// disk costs lines, which are counted, and never a request.
final class AccessLog: ServerResource {
    let kind = ResourceKind.log
    let emitter: Emitter

    private struct Buffer {
        var bytes: [UInt8] = []
        /// Lines that were added so far.
        var count = 0
        /// When `log.written` was emitted last.
        var emittedAt = Time.zero
    }

    private struct File {
        var sink: LogSink
        var written = 0
        var lost = 0
        var hasFailed = false
    }

    private let path: String
    private let limit: Time
    private let buffer = Mutex(Buffer())
    private let file: Mutex<File>
    private let queue = DispatchQueue(label: "access log")

    /// The buffer is written when it holds so many bytes.
    private static let piece = 16 * 1024

    /// Opens the file; where `isBuffered`, the C library buffers it once more, and its flush is left to the exit.
    init(path: String, emitter: Emitter, limit: Time, isBuffered: Bool = false) throws(Fault) {
        self.path = path
        self.emitter = emitter
        self.limit = limit
        guard let sink = LogSink(path, isBuffered: isBuffered) else {
            throw Fault(
                "the access log \(path) cannot be written (\(Fault.words(errno))); name a file in a folder that you "
                    + "may write to")
        }
        file = Mutex(File(sink: sink))
        emitAcquired("file")
    }

    /// Adds the line of one finished request.
    func append(at time: Time, id: Int, method: String, path: String, status: Int, took: Time) {
        let line = "\(time.seconds) \(id) \(method) \(path) \(status) \(took.microseconds)us\n"
        let (piece, count) = buffer.withLock { buffer in
            buffer.bytes += line.utf8
            buffer.count += 1
            let isDue = time - buffer.emittedAt >= .seconds(1)
            if isDue { buffer.emittedAt = time }
            let count = isDue ? buffer.count : nil
            guard buffer.bytes.count >= Self.piece else { return ([UInt8](), count) }
            defer { buffer.bytes = [] }
            return (buffer.bytes, count)
        }
        if let count { emitter.emit(.log(.written(lines: count))) }
        if !piece.isEmpty { queue.async { self.write(piece) } }
    }

    func beginRelease() -> Int {
        buffer.withLock { $0.bytes.count { $0 == UInt8(ascii: "\n") } }
    }

    func release() async throws(Fault) -> String {
        let done = OneShotEvent()
        let isClosed = file.withLock { $0.sink.isClosed }
        guard !isClosed else { throw Fault("the access log was closed before") }
        queue.async {
            self.write(self.buffer.withLock { $0.bytes })
            self.file.withLock { $0.sink.close() }
            done.fire()
        }
        guard await done.outcome(within: limit) == .fired else {
            throw Fault("the access log could not be flushed within \(limit.seconds) s")
        }
        let (written, lost) = file.withLock { ($0.written, $0.lost) }
        emitter.emit(.log(.flushed(lines: written, lost: lost)))
        return lost == 0 ? "\(written) lines" : "\(written) lines, \(lost) not written"
    }

    private func write(_ bytes: [UInt8]) {
        let failure: Int32? = file.withLock { file in
            let count = file.sink.write(bytes)
            file.written += Self.lines(in: bytes[..<count])
            guard count < bytes.count else { return nil }
            file.lost += Self.lines(in: bytes[count...])
            defer { file.hasFailed = true }
            return file.hasFailed ? nil : errno
        }
        guard let failure else { return }
        emitter.report(
            Fault(
                "the access log \(path) takes no more lines (\(Fault.words(failure))); the server goes on without "
                    + "them: make room on that disk"))
    }

    private static func lines(in bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }
}
