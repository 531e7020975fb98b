import CLinux
import Glibc
package import Platform
import ShutdownTrace
import Synchronization

/// Reports what the kernel shows of a server in any language, without the server's help.
///
/// It looks on a thread of its own: once a second while the server serves, often from the first signal on, and not at
/// all once the server's process has ended.
package final class ProcessMonitor: Sendable {
    private let server: Int
    private let isAlone: Bool
    private let reporter: Reporter
    private let snapshotter: Mutex<ProcessSnapshotter>
    /// A byte for each signal that was sent.
    private let signals: Pipe
    private let ended = OneShotEvent()
    static let threadName = "monitor"

    /// Prepares, but does not start, a monitor.
    ///
    /// `isAlone` is true where nobody here asks the server: it may listen on any port then, and its connections are
    /// reported while it serves.
    ///
    /// - Throws: ``RunError`` when the process has no descriptor left.
    package init(server: Int, port: Int, mark: String, isAlone: Bool, _ reporter: Reporter) throws(RunError) {
        self.server = server
        self.isAlone = isAlone
        self.reporter = reporter
        signals = try Pipe(capacity: 4_096)
        snapshotter = Mutex(ProcessSnapshotter(server: server, port: port, mark: mark, isAlone: isAlone, reporter))
    }

    /// Begins to look; the thread ends with the server's process.
    package func start() {
        let own = PidDescriptor(pid: server)
        startThread(named: Self.threadName) { [self] in
            if let own { watch(own) }
            signals.closeReading()
            ended.fire()
        }
    }

    /// Reports what each process does with signals now: one is about to be sent.
    package func lookAtHandlers() { snapshotter.withLock { $0.lookAtHandlers(at: reporter.clock.now) } }

    /// A signal was sent: the monitor looks often for some time, and for good when the signal asks the server to stop.
    package func signalled(stops: Bool) { signals.write([stops ? 2 : 1]) }

    /// Waits until the thread has ended after the server's process.
    package func finish() async {
        await ended.wait()
        signals.closeWriting()
    }

    /// The ports on which the server was seen to listen, the lowest first.
    package var ports: [Int] { snapshotter.withLock { $0.ports } }

    /// Who listens on the port at one of these addresses while no process of the server does; nil where that is not seen.
    package func stranger(on port: Int, at addresses: [String]) -> Occupant? {
        snapshotter.withLock { $0.stranger(on: port, at: addresses, now: reporter.clock.now) }
    }

    package var members: [Int] { snapshotter.withLock { $0.tree.members.keys.sorted() } }

    /// Whether processes that outlived the server's own are still on their way out after this signal.
    package func isLeaving(after signal: AskedToStop) -> Bool { snapshotter.withLock { $0.isLeaving(after: signal) } }

    /// Reports which processes outlived the server; returns whether there are any.
    package func tellLeftBehind() -> Bool {
        snapshotter.withLock { snapshotter in
            let left = snapshotter.leftBehind()
            for member in left {
                let left = ProcessEvent.leftBehind(
                    pid: member.pid, command: member.facts.command, listens: member.facts.listens)
                reporter.tell(.process(left), from: .supervisor)
            }
            return !left.isEmpty
        }
    }

    package func killLeftBehind() { snapshotter.withLock { $0.killLeftBehind() } }

    private func watch(_ own: PidDescriptor) {
        var schedule = PollSchedule(reporter.clock.now, isAlone: isAlone)
        while true {
            // An end that was noticed and not looked at yet would wake the thread again at once.
            let descriptors = schedule.hasEnded ? [] : snapshotter.withLock { $0.descriptors }
            guard sleep(own, descriptors, &schedule) else { return }
            let now = reporter.clock.now
            guard let depth = schedule.due(at: now) else { continue }
            let start = Self.worked
            let isListening = snapshotter.withLock { snapshotter in
                snapshotter.look(depth, at: now, isStopping: schedule.isStopping) { !Self.isReadable(own.number) }
                return snapshotter.isListening
            }
            schedule.did(depth, at: now, cost: Self.worked - start, isListening: isListening)
        }
    }

    /// Sleeps until a look is due; false when the server's process has ended.
    private func sleep(_ own: PidDescriptor, _ members: [Int32], _ schedule: inout PollSchedule) -> Bool {
        var waits = ([own.number, signals.reading] + members).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let left = max(0, (schedule.next - reporter.clock.now).microseconds)
        // Rounded up, because a wake-up before the time would find nothing due.
        let count = poll(&waits, nfds_t(waits.count), Int32(clamping: (left + 999) / 1_000))
        if count <= 0 { return true }
        if waits[0].revents != 0 { return false }
        if waits[1].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 64)
            let size = read(signals.reading, &bytes, bytes.count)
            if size <= 0 { return false }
            schedule.hurry(at: reporter.clock.now, stops: bytes[..<size].contains(2))
        }
        if waits.dropFirst(2).contains(where: { $0.revents != 0 }) { schedule.memberEnded() }
        return true
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }

    /// The processor time that this thread has used so far.
    private static var worked: Time {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Time(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
