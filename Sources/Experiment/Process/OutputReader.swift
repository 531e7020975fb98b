import CLinux
import Glibc
import Platform
import ShutdownTrace

/// Reads what the server prints, from the first byte to the end of file, on a thread of its own.
///
/// A line of standard output, or of the channel for traces, that is an event of the server is passed on as an event; every
/// other line counts as printed. The pipes are read whatever happens elsewhere, because a full pipe would stop the server.
struct OutputReader: Sendable {
    enum Voice: Sendable {
        /// The judged server: its trace is merged, and `hear` gets each event of it first.
        case judged(hear: @Sendable (Event) -> Void)
        /// Another instance: its lines and its trace are reported with its number.
        case instance(Int)
        /// A helper: only its last lines are kept.
        case silent
    }

    private let stop: Pipe
    /// Everything was read.
    let ended = OneShotEvent()
    let tail = OutputTail()

    /// Starts to read; the descriptors and the channel are closed at the end, and `spoke` fires with the first byte.
    init(
        out: Int32, err: Int32, channel: TraceChannel? = nil, _ reporter: Reporter, _ voice: Voice,
        spoke: OneShotEvent? = nil
    ) throws(RunError) {
        let stop = try Pipe()
        self.stop = stop
        startThread(named: "output") { [tail, ended] in
            var streams = [
                LineStream(.printed(.output), descriptor: out, voice, reporter),
                LineStream(.printed(.error), descriptor: err, voice, reporter),
            ]
            if let channel { streams.append(LineStream(.trace, descriptor: channel.reading, voice, reporter)) }
            Self.drain(&streams, until: stop.reading, tail, spoke)
            for stream in streams.prefix(2) where stream.isOpen { Glibc.close(stream.descriptor) }
            channel?.close()
            stop.closeReading()
            ended.fire()
        }
    }

    /// Ends once everything that was written is read.
    func stopReading() { stop.closeWriting() }

    /// Milliseconds without output after which a server that printed too much has paused.
    private static let quiet: Int32 = 50

    private static func drain(
        _ streams: inout [LineStream], until stop: Int32, _ tail: OutputTail, _ spoke: OneShotEvent?
    ) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // The channel has no end: reading stops when the other streams have ended.
        while streams.prefix(2).contains(where: \.isOpen) {
            var waits = streams.map { pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
            waits.append(pollfd(fd: stop, events: Int16(POLLIN), revents: 0))
            let isLate = streams.contains(where: \.isLate)
            guard poll(&waits, nfds_t(waits.count), isLate ? quiet : -1) > 0 else {
                for index in streams.indices { streams[index].takeTail(tail) }
                continue
            }
            if waits.dropLast().contains(where: { $0.revents & Int16(POLLIN) != 0 }) { spoke?.fire() }
            for index in streams.indices where waits[index].revents != 0 {
                streams[index].read(&buffer, tail)
            }
            // Lines with times of their own are read in batches; the pipe holds far more than comes in 8 ms.
            if streams.contains(where: { $0.isTrace && $0.isOpen }) {
                var end = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
                poll(&end, 1, 8)
            }
            let isQuiet = waits.dropLast().allSatisfy { $0.revents == 0 }
            if isQuiet, waits.last?.revents != 0 { break }
        }
        if streams.count > 2 { streams[2].readRest(&buffer, tail) }
        for index in streams.indices where streams[index].isOpen { streams[index].finish(tail) }
    }
}
