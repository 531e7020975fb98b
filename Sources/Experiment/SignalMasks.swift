public import ShutdownTrace

/// What a process does with each signal, from `/proc/PID/status` (proc_pid_status(5)).
///
/// `blocked` is what every thread of it blocks: a signal that one thread does not block still gets through.
public struct SignalMasks: Hashable, Sendable {
    public var caught: Set<Signal>
    public var ignored: Set<Signal>
    public var blocked: Set<Signal>

    /// Reads them now; nil when there is no such process.
    public init?(pid: Int) {
        guard let status = ProcFS.Status(pid: pid) else { return nil }
        self.init(status)
    }

    init(_ status: ProcFS.Status) {
        caught = Self.signals(status.caught)
        ignored = Self.signals(status.ignored)
        blocked = Self.signals(status.blocked)
    }

    /// The fields of `signals.seen`.
    var fields: Fields {
        [.caught: Self.list(caught), .ignored: Self.list(ignored), .blocked: Self.list(blocked)]
    }

    private static func signals(_ bits: UInt64) -> Set<Signal> {
        Set((0..<64).filter { bits & (UInt64(1) << $0) != 0 }.map { Signal(rawValue: Int32($0) + 1) })
    }

    private static func list(_ signals: Set<Signal>) -> Fields.Value {
        .list(signals.map { Int($0.rawValue) }.sorted())
    }
}
