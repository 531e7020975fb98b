import CLinux
import Glibc
import Platform
import ShutdownTrace

/// Reads what the server prints, from the first byte to the end of file, on a thread of its own.
///
/// A line of standard output, or of the channel for traces, that is an event of the server is passed on as such; every
/// other line is something that it printed. The pipes are drained whatever happens elsewhere: a full pipe would stop the server.
struct OutputReader: Sendable {
    /// What becomes of what is read.
    enum Voice: Sendable {
        /// The judged server: its trace is merged, and whoever listens gets each event of it first.
        case judged(hear: @Sendable (Event) -> Void)
        /// Another instance: its lines and its trace are told with its number.
        case instance(Int)
        /// A helper: only its last lines are remembered.
        case silent
    }

    private let stop: Pipe
    /// Everything was read.
    let ended = OneShotEvent()
    let word = ServerWord()

    /// Starts to read; the descriptors and the channel are closed at the end, and `spoke` is opened by the first byte.
    init(
        out: Int32, err: Int32, channel: TraceChannel? = nil, _ reporter: Reporter, _ voice: Voice,
        spoke: OneShotEvent? = nil
    ) throws(ExperimentError) {
        let stop = try Pipe()
        let (word, ended) = (word, ended)
        self.stop = stop
        startThread(named: "output") {
            var streams = [
                LineStream(descriptor: out, name: "out", voice, reporter),
                LineStream(descriptor: err, name: "err", voice, reporter),
            ]
            if let channel { streams.append(LineStream(descriptor: channel.reading, name: "trace", voice, reporter)) }
            Self.drain(&streams, until: stop.reading, word, spoke)
            for stream in streams.prefix(2) where stream.isOpen { Glibc.close(stream.descriptor) }
            channel?.close()
            stop.closeReading()
            ended.fire()
        }
    }

    /// Reads what is there and no more.
    func stopReading() { stop.closeWriting() }

    /// Milliseconds after which a server that printed too much has paused.
    private static let quiet: Int32 = 50

    private static func drain(
        _ streams: inout [LineStream], until stop: Int32, _ word: ServerWord, _ spoke: OneShotEvent?
    ) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // The channel has no end: what it holds when the others have ended is all.
        while streams.prefix(2).contains(where: \.isOpen) {
            var waits = streams.map { pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
            waits.append(pollfd(fd: stop, events: Int16(POLLIN), revents: 0))
            let isLate = streams.contains(where: \.isLate)
            guard poll(&waits, nfds_t(waits.count), isLate ? quiet : -1) > 0 else {
                for index in streams.indices { streams[index].takeTail(word) }
                continue
            }
            if waits.dropLast().contains(where: { $0.revents & Int16(POLLIN) != 0 }) { spoke?.fire() }
            for index in streams.indices where waits[index].revents != 0 {
                streams[index].read(&buffer, word)
            }
            // Lines with times of their own are read in batches; the pipe holds far more than comes meanwhile.
            if streams.contains(where: { $0.isTrace && $0.isOpen }) {
                var end = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
                poll(&end, 1, 8)
            }
            let isQuiet = waits.dropLast().allSatisfy { $0.revents == 0 }
            if isQuiet, waits.last?.revents != 0 { break }
        }
        if streams.count > 2 { streams[2].readRest(&buffer, word) }
        for index in streams.indices where streams[index].isOpen { streams[index].finish(word) }
    }
}
