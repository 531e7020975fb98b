import Glibc
import Platform

/// The process that runs a job, so that another instance can find out whether that process still lives.
///
/// The kernel gives a pid to another process later; a pid together with the start time of its process is unique
/// (proc_pid_stat(5), field 22).
struct JobOwner: Hashable, Sendable {
    /// As the ledger keeps it: the pid and the start in clock ticks since the boot, "4711 8302".
    let text: String

    static let current = JobOwner(text: "\(getpid()) \(start(of: Int(getpid())).map(String.init) ?? "?")")

    init(text: String) {
        self.text = text
    }

    var isAlive: Bool {
        let parts = text.split(separator: " ").map { Int($0) }
        guard parts.count == 2, let pid = parts[0], let start = parts[1] else { return false }
        return Self.start(of: pid) == start
    }

    /// Nil for a process that has ended.
    private static func start(of pid: Int) -> Int? {
        ProcFS.Stat(pid: pid).flatMap { $0.isOver ? nil : $0.start }
    }
}
