import CLinux
import Glibc
import ShutdownTrace

/// A process of a run.
struct Member: Sendable {
    /// What a trace tells of it.
    struct Facts: Hashable, Sendable {
        var parent: Int
        var command: String
        var signals: ProcFS.Status
        /// It holds the socket that listens on the server's port.
        var listens = false
    }

    let pid: Int
    /// With the pid it names one process for ever.
    let start: Int
    /// Of exactly this process, whoever gets its pid later.
    let descriptor: PidDescriptor
    var stat: ProcFS.Stat
    var facts: Facts
    /// What was told of it last, and when.
    var told: (facts: Facts, at: Time)

    /// Takes the process that `stat` was read of; nil when it has ended, or is only a thread.
    init?(_ stat: ProcFS.Stat, at time: Time) {
        guard let descriptor = PidDescriptor(pid: stat.pid), let now = ProcFS.Stat(pid: stat.pid),
            now.start == stat.start, !now.isOver, let signals = ProcFS.Status(pid: stat.pid),
            signals.process == stat.pid
        else { return nil }
        (pid, start, self.descriptor, self.stat) = (stat.pid, stat.start, descriptor, now)
        facts = Facts(parent: now.parent, command: ProcFS.command(of: pid), signals: Self.settled(signals, now))
        told = (facts, time)
    }

    /// Reads again what may have changed; false when it has ended.
    mutating func refresh() -> Bool {
        guard let stat = ProcFS.Stat(pid: pid), stat.start == start, !stat.isOver,
            let signals = ProcFS.Status(pid: pid)
        else { return false }
        self.stat = stat
        facts = Facts(
            parent: stat.parent, command: ProcFS.command(of: pid), signals: Self.settled(signals, stat),
            listens: facts.listens)
        return true
    }

    /// Whether something changed since it was told; a process that changes all the time is told of twice a second.
    func isNews(at time: Time) -> Bool { facts != told.facts && time - told.at >= .seconds(0.5) }

    /// Sends a signal to exactly this process.
    func send(_ signal: ShutdownTrace.Signal) { _ = clinux_signal(descriptor.number, signal.rawValue) }

    /// How it ended; nil when the kernel does not say, or it has not.
    var end: ExitStatus? {
        var status = clinux_exit_status(descriptor.number)
        if status < 0, let stat = ProcFS.Stat(pid: pid), stat.start == start, stat.isOver { status = stat.exitStatus }
        return status < 0 ? nil : ExitStatus(clinux_read_status(status))
    }

    /// Signals come and go all the time; only one that cannot be taken counts as pending.
    private static func settled(_ signals: ProcFS.Status, _ stat: ProcFS.Stat) -> ProcFS.Status {
        var signals = signals
        if stat.state != "T", stat.state != "t" { signals.pending &= signals.blocked }
        return signals
    }
}

/// A descriptor of one process (pidfd_open(2)): readable when it has ended.
final class PidDescriptor: Sendable {
    let number: Int32

    /// Nil when there is no such process, or no descriptor left.
    init?(pid: Int) {
        let number = clinux_pidfd(pid_t(pid))
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit { close(number) }
}

extension ExitStatus {
    /// As waitid(2) tells it; nil for a stop or a continuation.
    init?(_ change: clinux_change) {
        let signal = ShutdownTrace.Signal(rawValue: change.status)
        switch Int(change.how) {
        case CLINUX_EXITED: self = .exited(code: Int(change.status))
        case CLINUX_KILLED: self = .signaled(signal, coreDumped: false)
        case CLINUX_DUMPED: self = .signaled(signal, coreDumped: true)
        default: return nil
        }
    }

    /// The fields of `process.exited`.
    var fields: Fields {
        switch self {
        case .exited(let code): [.how: "exited", .code: .number(code)]
        case .signaled(let signal, let core):
            [.how: "signaled", .signal: .number(signal.rawValue), .core: .bool(core)]
        }
    }
}
