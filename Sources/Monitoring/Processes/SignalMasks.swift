package import Platform
package import ShutdownTrace

/// Reading what a process does with each signal, from `/proc/PID/status` (proc_pid_status(5)).
extension SignalMasks {
    /// Reads them now; nil when there is no such process.
    package init?(pid: Int) {
        guard let status = ProcFS.Status(pid: pid) else { return nil }
        self.init(status)
    }

    package init(_ status: ProcFS.Status) {
        self.init(
            caught: SignalSet(rawValue: status.caught), ignored: SignalSet(rawValue: status.ignored),
            blocked: SignalSet(rawValue: status.blocked))
    }
}
