import CLinux
import Glibc
package import Platform
package import ShutdownTrace

/// A process of a run.
package struct Member: Sendable {
    package struct Facts: Hashable, Sendable {
        var parent: Int
        package var command: String
        var signals: ProcFS.Status
        /// Whether it holds the socket that listens on the server's port; nil where its descriptors are hidden from us:
        /// those of another user's process are, without CAP_SYS_PTRACE (proc_pid_fd(5)).
        var listens: Bool? = false
    }

    package let pid: Int
    /// The start time; with the pid it is unique.
    package let start: Int
    /// Refers to exactly this process, whichever process gets its pid later.
    package let descriptor: PidDescriptor
    package var stat: ProcFS.Stat
    package var facts: Facts
    /// What was reported about it last, and when.
    var told: (facts: Facts, at: Time)

    /// Takes the process of which `stat` was read; nil when it has ended or is only a thread.
    package init?(_ stat: ProcFS.Stat, at time: Time) {
        guard let descriptor = PidDescriptor(pid: stat.pid), let now = ProcFS.Stat(pid: stat.pid),
            now.start == stat.start, !now.isOver, let signals = ProcFS.Status(pid: stat.pid),
            signals.process == stat.pid
        else { return nil }
        pid = stat.pid
        start = stat.start
        self.descriptor = descriptor
        self.stat = now
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

    /// Whether something changed since the last report; reports about one process come at most twice a second.
    func isNews(at time: Time) -> Bool { facts != told.facts && time - told.at >= .seconds(0.5) }

    package func send(_ signal: ShutdownTrace.Signal) { _ = clinux_signal(descriptor.number, signal.rawValue) }

    /// How it ended; nil when the kernel does not say, or it lives.
    package var end: ExitStatus? {
        var status = clinux_exit_status(descriptor.number)
        if status < 0, let stat = ProcFS.Stat(pid: pid), stat.start == start, stat.isOver { status = stat.exitStatus }
        return status < 0 ? nil : ExitStatus(clinux_read_status(status))
    }

    /// Pending signals come and go all the time: only signals that cannot be delivered now count.
    private static func settled(_ signals: ProcFS.Status, _ stat: ProcFS.Stat) -> ProcFS.Status {
        var signals = signals
        if stat.state != "T", stat.state != "t" { signals.pending &= signals.blocked }
        return signals
    }
}

extension Member {
    package var event: ObservationEvent.SeenMember {
        ObservationEvent.SeenMember(
            pid: pid, parent: facts.parent, command: facts.command, threads: stat.threads,
            masks: SignalMasks(facts.signals), pending: SignalSet(rawValue: facts.signals.pending),
            listens: facts.listens)
    }
}
