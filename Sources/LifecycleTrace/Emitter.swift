internal import Dispatch
internal import Glibc
import Platform
public import ShutdownTrace
internal import Synchronization

/// Writes the server's events, one line each, and never makes the server wait for the reader.
///
/// Events go into a bounded buffer, which one thread empties. When the buffer is full, an event is dropped and counted:
/// its number stays used, so the gap shows, and `trace.dropped` says how many as soon as there is room. When the reader
/// has gone (EPIPE), the server goes on and its events go nowhere.
///
/// All methods may be called from any thread.
public final class Emitter: Sendable {
    /// The time of `t` 0, by CLOCK_MONOTONIC.
    public let start: Time

    private struct Buffer {
        var lines: [Line] = []
        var sequence = 0
        var dropped = 0
        var isIdle = false
        var isOver = false
    }

    private enum Line {
        case event(Event)
        case header(Header)

        var bytes: [UInt8] {
            switch self {
            case .event(let event): LineWriter.line(event)
            case .header(let header): LineWriter.line(header)
            }
        }
    }

    private let buffer = Mutex(Buffer())
    private let capacity: Int
    private let descriptor: Int32?
    private let work = DispatchSemaphore(value: 0)
    private let emptied = DispatchSemaphore(value: 0)

    /// A write of at most so many bytes to a pipe happens whole or not at all, also when the writer is killed (pipe(7)).
    private static let atomicWrite = 4096

    /// Begins a trace on a descriptor; nil makes an emitter that writes nothing.
    ///
    /// - Parameters:
    ///   - descriptor: Where the lines go.
    ///   - capacity: At most so many lines wait; further events are dropped and counted.
    ///   - closes: Whether the descriptor is closed after the last line; else the caller closes it.
    public init(to descriptor: Int32?, capacity: Int = 65_536, closes: Bool = false) {
        start = Clock.now()
        self.capacity = capacity
        self.descriptor = descriptor
        guard let descriptor else { return }
        // F_SETPIPE_SZ is 1031 (linux/fcntl.h); it fails for anything but a pipe, which does no harm.
        _ = fcntl(descriptor, 1031, 1 << 20)
        startThread {
            blockSignals()
            self.writeUntilOver(to: descriptor)
            if closes { Glibc.close(descriptor) }
            self.emptied.signal()
        }
    }

    /// Writes the header of the trace.
    public func emit(_ header: Header) {
        append { _ in .header(header) }
    }

    /// Writes an event that happens now.
    public func emit(_ payload: @autoclosure () -> Payload) {
        guard descriptor != nil else { return }
        let payload = payload()
        append { self.event(payload, &$0) }
    }

    /// Writes the buffered lines and ends; gives up after a quarter of a second without a reader.
    ///
    /// Later events go nowhere.
    public func close() {
        guard descriptor != nil else { return }
        buffer.withLock { $0.isOver = true }
        work.signal()
        // A second call of this method waits for the same signal.
        if emptied.wait(timeout: .now() + .milliseconds(250)) == .success { emptied.signal() }
    }

    private func append(_ line: (inout Buffer) -> Line) {
        guard descriptor != nil else { return }
        let wakes = buffer.withLock { buffer in
            guard !buffer.isOver else { return false }
            guard buffer.lines.count < capacity else {
                _ = line(&buffer)
                buffer.dropped += 1
                return false
            }
            if buffer.dropped > 0, buffer.lines.count < capacity / 2 { emitDropped(&buffer) }
            buffer.lines.append(line(&buffer))
            defer { buffer.isIdle = false }
            return buffer.isIdle
        }
        if wakes { work.signal() }
    }

    private func emitDropped(_ buffer: inout Buffer) {
        buffer.lines.append(event(.trace(.dropped(count: buffer.dropped)), &buffer))
        buffer.dropped = 0
    }

    private func event(_ payload: Payload, _ buffer: inout Buffer) -> Line {
        buffer.sequence += 1
        return .event(Event(payload, from: .server, at: Clock.now() - start, sequence: buffer.sequence))
    }

    private func writeUntilOver(to descriptor: Int32) {
        var isBroken = false
        while let lines = nextLines() {
            if isBroken { continue }
            isBroken = !Self.write(lines, to: descriptor)
            // A lone event is written at once. Events within a millisecond after it are written together, so that a busy
            // server does not switch threads for every event. Only `close()` ends this wait early.
            if !buffer.withLock({ $0.isOver }) { _ = work.wait(timeout: .now() + .milliseconds(1)) }
        }
    }

    /// All buffered lines; waits for the first when there are none; nil at the end.
    private func nextLines() -> [Line]? {
        while true {
            let (lines, isOver) = buffer.withLock { buffer in
                if buffer.lines.isEmpty, buffer.dropped > 0 { emitDropped(&buffer) }
                var lines: [Line] = []
                swap(&lines, &buffer.lines)
                buffer.isIdle = lines.isEmpty && !buffer.isOver
                return (lines, buffer.isOver)
            }
            if !lines.isEmpty { return lines }
            if isOver { return nil }
            work.wait()
        }
    }

    /// Writes each line with one write(2); lines that fit into one atomic write together share it.
    private static func write(_ lines: [Line], to descriptor: Int32) -> Bool {
        var batch: [UInt8] = []
        for line in lines {
            let bytes = line.bytes
            if !batch.isEmpty, batch.count + bytes.count > atomicWrite {
                guard writeAll(batch, to: descriptor) else { return false }
                batch.removeAll(keepingCapacity: true)
            }
            batch += bytes
        }
        return writeAll(batch, to: descriptor)
    }
}
