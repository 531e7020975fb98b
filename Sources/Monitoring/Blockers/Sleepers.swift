import CLinux
import Platform
import ShutdownTrace

/// Where the threads of a server sleep, and which files it still holds: what is left to look at when neither connections
/// nor processes say why it stays.
struct Sleepers: Sendable {
    private var blockers = Blockers(limit: 9)
    /// Threads that one look reads.
    static let most = 128
    /// Descriptors that one look reads.
    static let mostFiles = 1_024

    /// Looks at the process that serves; at its files only when no connection is left.
    mutating func look(at member: Member, isIdle: Bool) -> [(kind: EventKind, fields: Fields)] {
        var found: [Blockers.Candidate] = []
        var words: [UInt64: Fields] = [:]
        for thread in ProcFS.numbers(in: "/proc/\(member.pid)/task", atMost: Self.most) {
            guard let stat = ProcFS.Stat("/proc/\(member.pid)/task/\(thread)/stat"), stat.state == "D" else { continue }
            add(.init(key: UInt64(thread), cause: "uninterruptible"), Self.disk(thread), &found, &words)
        }
        if let call = Sleep(pid: member.pid) {
            let key = UInt64(member.pid) | 1 << 40
            add(.init(key: key, cause: "waits \(call.words)"), Self.fields(call, member.pid), &found, &words)
        }
        if isIdle, let files = Files(pid: member.pid) {
            let key = UInt64(member.pid) | 1 << 41
            add(.init(key: key, cause: files.words), files.fields(member.pid), &found, &words)
        }
        return blockers.take(found) { words[$0.key] ?? [:] }
    }

    private func add(
        _ candidate: Blockers.Candidate, _ fields: Fields, _ found: inout [Blockers.Candidate],
        _ words: inout [UInt64: Fields]
    ) {
        found.append(candidate)
        words[candidate.key] = fields
    }

    private static func disk(_ thread: Int) -> Fields {
        let place = ProcFS.text("/proc/\(thread)/wchan").flatMap { $0 == "0" || $0.isEmpty ? nil : " (in \($0))" } ?? ""
        return [
            .name: .string("thread \(thread)"), .kind: "thread", .cause: "uninterruptible", .pid: .number(thread),
            .text: .string("thread \(thread) sleeps uninterruptibly\(place): no signal reaches it"),
        ]
    }

    private static func fields(_ call: Sleep, _ pid: Int) -> Fields {
        [
            .name: .string("thread \(pid)"), .kind: "thread", .cause: "waits", .pid: .number(pid),
            .text: .string("the first thread of process \(pid) waits \(call.words)"),
        ]
    }
}

/// The system call that the first thread of a process sleeps in (proc_pid_syscall(5)).
struct Sleep: Hashable, Sendable {
    /// "for another thread or a lock (futex)".
    var words: String

    /// Nil when it runs, or when we may not know.
    init?(pid: Int) {
        let parts = (ProcFS.text("/proc/\(pid)/syscall") ?? "").split { $0 == " " || $0 == "\n" }
        guard parts.count > 1, let number = Int(parts[0]), number >= 0 else { return nil }
        let call = clinux_call(number)
        guard let name = call.name, let sense = call.sense else { return nil }
        words = "\(String(cString: sense)) (\(String(cString: name)))"
        if call.has_file != 0, let file = Int(parts[1].dropFirst(2), radix: 16),
            let target = ProcFS.link("/proc/\(pid)/fd/\(file)")
        {
            words += ", descriptor \(file): \(target)"
        }
    }
}

/// What a process holds open besides the connections of its clients.
struct Files: Hashable, Sendable {
    var files = 0
    var sockets = 0
    var pipes = 0
    /// The first that was deleted and is still open.
    var deleted: String?

    /// Nil when it holds nothing but the null device and the like, or when we may not know.
    init?(pid: Int) {
        for number in ProcFS.numbers(in: "/proc/\(pid)/fd", atMost: Sleepers.mostFiles) where number > 2 {
            guard let target = ProcFS.link("/proc/\(pid)/fd/\(number)") else { continue }
            if target.hasPrefix("socket:") {
                sockets += 1
            } else if target.hasPrefix("pipe:") {
                pipes += 1
            } else if target.hasPrefix("/"), !target.hasPrefix("/dev/") {
                files += 1
                if target.hasSuffix(" (deleted)") { deleted = deleted ?? target }
            }
        }
        if files + sockets + pipes == 0 { return nil }
    }

    /// "3 files, 1 socket and 2 pipes".
    var words: String {
        let parts = [(files, "file"), (sockets, "socket"), (pipes, "pipe")].filter { $0.0 > 0 }.map { count, noun in
            "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    func fields(_ pid: Int) -> Fields {
        var fields: Fields = [
            .name: .string("files of \(pid)"), .kind: "files", .cause: "open", .pid: .number(pid),
            .count: .number(files + sockets + pipes),
            .text: .string(
                "process \(pid) holds \(words) open" + (deleted.map { ", one of them deleted: \($0)" } ?? "")),
        ]
        if let deleted { fields[.file] = .string(deleted) }
        return fields
    }
}
