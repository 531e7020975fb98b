import CLinux
import Glibc

/// A descriptor of one process (pidfd_open(2)): readable when it has ended.
package final class PidDescriptor: Sendable {
    package let number: Int32

    /// Nil when there is no such process, or no descriptor left.
    package init?(pid: Int) {
        let number = clinux_pidfd(pid_t(pid))
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit { close(number) }
}
