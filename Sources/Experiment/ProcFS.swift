import Glibc

/// What Linux tells of processes under `/proc`.
enum ProcFS {
    /// One process that belongs to a run.
    struct Process: Hashable, Sendable {
        var pid: Int
        var command: String
    }

    /// The living processes of a run: those in its process group, and those that carry its mark in their environment.
    ///
    /// A process that made a group or session of its own is found by the mark, as long as it is the same user's and
    /// kept its environment.
    static func family(group: Int, mark: String) -> [Process] {
        pids().filter { pid in
            guard pid != Int(getpid()), let stat = read("/proc/\(pid)/stat"), let fields = fields(ofStat: stat),
                fields.state != "Z", fields.state != "X"
            else { return false }
            if fields.group == group { return true }
            return read("/proc/\(pid)/environ")?.split(separator: "\0").contains { $0 == mark } ?? false
        }.map { Process(pid: $0, command: command(of: $0)) }
    }

    /// State and process group; the name before them may hold anything, so they are found after the last parenthesis.
    static func fields(ofStat stat: String) -> (state: Substring, group: Int)? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let rest = stat[stat.index(after: end)...].split(separator: " ")
        guard rest.count > 2, let group = Int(rest[2]) else { return nil }
        return (rest[0], group)
    }

    /// The whole of a small file; nil when it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < 1 << 20 {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func pids() -> [Int] {
        guard let stream = opendir("/proc") else { return [] }
        defer { closedir(stream) }
        var pids: [Int] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let pid = Int(name) { pids.append(pid) }
        }
        return pids
    }

    private static func command(of pid: Int) -> String {
        let words = read("/proc/\(pid)/cmdline")?.split(separator: "\0").joined(separator: " ") ?? ""
        return words.isEmpty ? "(\(pid))" : String(words.prefix(200))
    }
}
