package import Platform
package import ShutdownTrace

/// What a process does with each signal, from `/proc/PID/status` (proc_pid_status(5)).
///
/// `blocked` is what every thread of it blocks: a signal that one thread does not block still gets through.
package struct SignalMasks: Hashable, Sendable {
    package var caught: Set<Signal>
    package var ignored: Set<Signal>
    package var blocked: Set<Signal>

    /// Reads them now; nil when there is no such process.
    package init?(pid: Int) {
        guard let status = ProcFS.Status(pid: pid) else { return nil }
        self.init(status)
    }

    package init(_ status: ProcFS.Status) {
        caught = Self.signals(status.caught)
        ignored = Self.signals(status.ignored)
        blocked = Self.signals(status.blocked)
    }

    /// The fields of `signals.seen`.
    package var fields: Fields {
        [.caught: Self.list(caught), .ignored: Self.list(ignored), .blocked: Self.list(blocked)]
    }

    private static func signals(_ bits: UInt64) -> Set<Signal> {
        Set((0..<64).filter { bits & (UInt64(1) << $0) != 0 }.map { Signal(rawValue: Int32($0) + 1) })
    }

    private static func list(_ signals: Set<Signal>) -> Fields.Value {
        .list(signals.map { Int($0.rawValue) }.sorted())
    }
}
