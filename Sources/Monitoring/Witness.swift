import CLinux
import Glibc
package import Platform
import ShutdownTrace
import Synchronization

/// What the kernel shows of a server in any language, told without the server's help and without touching it.
///
/// It looks on a thread of its own: once a second while the server serves, often from the first signal on, and not at
/// all once the server's process has ended. ``Sight`` says what a look finds.
package final class Witness: Sendable {
    private let server: Int
    private let isAlone: Bool
    private let reporter: Reporter
    private let sight: Mutex<Sight>
    private let news: Pipe
    private let ended = OneShotEvent()
    static let threadName = "witness"

    /// A witness that has not begun to look; `isAlone` where nobody here asks the server, which then may listen where it
    /// likes, and whose connections are told while it serves.
    ///
    /// - Throws: ``ExperimentError`` when the process has no descriptor left.
    package init(server: Int, port: Int, mark: String, isAlone: Bool, _ reporter: Reporter) throws(ExperimentError) {
        (self.server, self.isAlone, self.reporter) = (server, isAlone, reporter)
        news = try Pipe(capacity: 4_096)
        sight = Mutex(Sight(server: server, port: port, mark: mark, isSeeking: isAlone, reporter))
    }

    /// Begins to look; ends by itself with the server's process.
    package func start() {
        let own = PidDescriptor(pid: server)
        startThread(named: Self.threadName) { [self] in
            if let own { watch(own) }
            news.closeReading()
            ended.fire()
        }
    }

    /// A signal was sent: from now on it looks often, for good when the signal asks the server to stop.
    package func signalled(stops: Bool) { news.write([stops ? 2 : 1]) }

    /// The server's process has ended: waits until nothing is told any more.
    package func finish() async {
        await ended.wait()
        news.closeWriting()
    }

    /// The ports on which they were seen to listen, the lowest first.
    package var ports: [Int] { sight.withLock { $0.ports } }

    /// The living processes of the run, by pid.
    package var members: [Int] { sight.withLock { $0.family.members.keys.sorted() } }

    /// Tells which processes outlived the server, once those that were about to end have ended.
    ///
    /// - Returns: Whether there are any.
    package func tellLeftBehind() -> Bool {
        sight.withLock { sight in
            let left = sight.leftBehind()
            for member in left {
                let left = ProcessEvent.leftBehind(
                    pid: member.pid, command: member.facts.command, listens: member.facts.listens)
                reporter.tell(.process(left), from: .supervisor)
            }
            return !left.isEmpty
        }
    }

    /// Kills them, each by its own descriptor; a process that forks while it dies gets a few more rounds.
    package func killLeftBehind() {
        sight.withLock { $0.killLeftBehind() }
    }

    private func watch(_ own: PidDescriptor) {
        var pace = Pace(reporter.clock.now, isAlone: isAlone)
        while true {
            // An end that was seen and not looked at yet would wake it again at once.
            let descriptors = pace.hasEnded ? [] : sight.withLock { $0.descriptors }
            guard sleep(own, descriptors, &pace) else { return }
            let now = reporter.clock.now
            guard let look = pace.due(at: now) else { continue }
            let start = Self.worked
            let isListening = sight.withLock { sight in
                sight.look(look, at: now, isStopping: pace.isStopping) { !Self.isReadable(own.number) }
                return sight.isListening
            }
            pace.did(look, at: now, cost: Self.worked - start, isListening: isListening)
        }
    }

    /// Sleeps until a look is due; false when the server's process has ended.
    private func sleep(_ own: PidDescriptor, _ members: [Int32], _ pace: inout Pace) -> Bool {
        var waits = ([own.number, news.reading] + members).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let left = max(0, (pace.next - reporter.clock.now).microseconds)
        // Rounded up: a millisecond too early would be a look too many.
        let count = poll(&waits, nfds_t(waits.count), Int32(clamping: (left + 999) / 1_000))
        if count <= 0 { return true }
        if waits[0].revents != 0 { return false }
        if waits[1].revents != 0 {
            var words = [UInt8](repeating: 0, count: 64)
            let size = read(news.reading, &words, words.count)
            if size <= 0 { return false }
            pace.hurry(at: reporter.clock.now, stops: words[..<size].contains(2))
        }
        if waits.dropFirst(2).contains(where: { $0.revents != 0 }) { pace.memberEnded() }
        return true
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }

    /// What this thread has used of a processor so far.
    private static var worked: Time {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Time(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
