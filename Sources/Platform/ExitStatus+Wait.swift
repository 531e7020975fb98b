package import CLinux
package import ShutdownTrace

/// How a process left, read from what waitid(2) returns.
extension ExitStatus {
    /// As waitid(2) tells it; nil for a stop or a continuation.
    package init?(_ change: clinux_change) {
        let signal = ShutdownTrace.Signal(rawValue: change.status)
        switch Int(change.how) {
        case CLINUX_EXITED: self = .exited(code: Int(change.status))
        case CLINUX_KILLED: self = .signaled(signal, coreDumped: false)
        case CLINUX_DUMPED: self = .signaled(signal, coreDumped: true)
        default: return nil
        }
    }
}
