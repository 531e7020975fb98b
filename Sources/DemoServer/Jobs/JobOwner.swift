import Glibc

/// The process that runs a job, so that another instance can find out whether that process still lives.
///
/// The kernel gives a pid to another process later; a pid together with the start time of its process is unique
/// (proc_pid_stat(5), field 22).
struct JobOwner: Hashable, Sendable {
    /// As the ledger keeps it: the pid and the start in clock ticks since the boot, "4711 8302".
    let text: String

    static let current = JobOwner(text: "\(getpid()) \(start(of: getpid()) ?? "?")")

    init(text: String) {
        self.text = text
    }

    var isAlive: Bool {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let pid = pid_t(parts[0]) else { return false }
        return Self.start(of: pid).map { $0 == parts[1] } ?? false
    }

    private static func start(of pid: pid_t) -> String? {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        // The second field is a name in brackets that may contain anything, also brackets and blanks.
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        guard let fields, fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
