import CLinux
import Glibc
import Synchronization

/// A pipe whose ends do not survive exec, each closed at most once.
package final class Pipe: Sendable {
    /// Enough for a burst of a few thousand events while the reader is not scheduled.
    package static let capacity: Int32 = 1 << 20

    package let reading: Int32
    package let writing: Int32
    private let open = Mutex((reading: true, writing: true))

    /// - Throws: ``RunError/cannotStart(command:cause:)`` when the process has no descriptor left.
    package init(capacity: Int32 = Pipe.capacity) throws(RunError) {
        var ends: (Int32, Int32) = (-1, -1)
        let failure = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) { clinux_pipe($0, capacity) }
        }
        if failure != 0 { throw .cannotStart(command: "a pipe", cause: String(cString: strerror(failure))) }
        (reading, writing) = ends
    }

    package func closeReading() {
        if open.withLock({ open in
            defer { open.reading = false }
            return open.reading
        }) {
            Glibc.close(reading)
        }
    }

    package func closeWriting() {
        if open.withLock({ open in
            defer { open.writing = false }
            return open.writing
        }) {
            Glibc.close(writing)
        }
    }

    /// Writes to an open end, all or nothing up to 4,096 bytes (pipe(7), PIPE_BUF), and never waits for room.
    ///
    /// - Returns: False when there is no room, or nobody who reads.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        open.withLock { open in
            guard open.writing else { return false }
            _ = fcntl(writing, F_SETFL, fcntl(writing, F_GETFL) | O_NONBLOCK)
            return Glibc.write(writing, bytes, bytes.count) == bytes.count
        }
    }

    /// Gives the end to somebody who closes it.
    package func handOverReading() -> Int32 {
        open.withLock { $0.reading = false }
        return reading
    }

    package func handOverWriting() -> Int32 {
        open.withLock { $0.writing = false }
        return writing
    }
}
