import Glibc
public import ShutdownTrace

/// What a process does with each signal, from `/proc/PID/status` (proc_pid_status(5)).
///
/// `blocked` is that of its first thread; a signal that another thread does not block still gets through.
public struct SignalMasks: Hashable, Sendable {
    public var caught: Set<Signal>
    public var ignored: Set<Signal>
    public var blocked: Set<Signal>

    /// Reads them now; nil when there is no such process.
    public init?(pid: Int) {
        guard let text = ProcFS.read("/proc/\(pid)/status") else { return nil }
        self.init(status: text)
    }

    /// Parses the text of a status file; nil when a mask is missing.
    init?(status: String) {
        var masks: [Substring: Set<Signal>] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2, parts[0].hasPrefix("Sig"),
                let bits = UInt64(parts[1].drop { $0 == "\t" || $0 == " " }, radix: 16)
            else { continue }
            masks[parts[0]] = Self.signals(bits)
        }
        guard let caught = masks["SigCgt"], let ignored = masks["SigIgn"], let blocked = masks["SigBlk"] else {
            return nil
        }
        (self.caught, self.ignored, self.blocked) = (caught, ignored, blocked)
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
