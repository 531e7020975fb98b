import CLinux
import Platform
import ShutdownTrace

/// The system calls in which a server's threads sleep, and the files that it still holds.
///
/// They are left to look at when neither connections nor processes say why a server stays.
struct ThreadWaits: Sendable {
    private var blockers = Blockers<Holder>(limit: 9)

    /// What holds a process up, and is told again when it changes.
    private enum Holder: Hashable {
        /// This thread is in state D.
        case uninterruptible(Int)
        case sleep(Sleep)
        case files(Files)
    }

    /// The most threads that one look reads.
    static let most = 128
    /// The most descriptors that one look reads.
    static let mostFiles = 1_024

    /// Looks at the process that serves, and at its files when no connection is left.
    mutating func look(at member: Member, isIdle: Bool) -> [ObservationEvent] {
        var found: [Blockers<Holder>.Candidate] = []
        for thread in ProcFS.numbers(in: "/proc/\(member.pid)/task", atMost: Self.most) {
            guard let stat = ProcFS.Stat("/proc/\(member.pid)/task/\(thread)/stat"), stat.state == "D" else { continue }
            found.append(.init(key: UInt64(thread), state: .uninterruptible(thread)))
        }
        if let call = Sleep(pid: member.pid) {
            found.append(.init(key: UInt64(member.pid) | 1 << 40, state: .sleep(call)))
        }
        if isIdle, let files = Files(pid: member.pid) {
            found.append(.init(key: UInt64(member.pid) | 1 << 41, state: .files(files)))
        }
        return blockers.take(found) { candidate in
            switch candidate.state {
            case .uninterruptible(let thread): Self.disk(thread)
            case .sleep(let call): Self.blocker(call, member.pid)
            case .files(let files): files.blocker(member.pid)
            }
        }
    }

    private static func disk(_ thread: Int) -> ObservationEvent.SeenBlocker {
        let place = ProcFS.text("/proc/\(thread)/wchan").flatMap { $0 == "0" || $0.isEmpty ? nil : " (in \($0))" } ?? ""
        return .init(
            name: "thread \(thread)", cause: .thread(.uninterruptible),
            text: "thread \(thread) sleeps uninterruptibly\(place): no signal reaches it", pid: thread)
    }

    private static func blocker(_ call: Sleep, _ pid: Int) -> ObservationEvent.SeenBlocker {
        .init(
            name: "thread \(pid)", cause: .thread(.waits(call: call.name)),
            text: "the first thread of process \(pid) waits \(call.words)", pid: pid)
    }
}

/// The system call that the first thread of a process sleeps in (proc_pid_syscall(5)).
struct Sleep: Hashable, Sendable {
    var name: String
    /// The object of a sentence: "for another thread or a lock (futex)".
    var words: String

    /// Nil when the thread runs, or when we may not read this.
    init?(pid: Int) {
        let parts = (ProcFS.text("/proc/\(pid)/syscall") ?? "").split { $0 == " " || $0 == "\n" }
        guard parts.count > 1, let number = Int(parts[0]), number >= 0 else { return nil }
        let call = clinux_call(number)
        guard let name = call.name, let sense = call.sense else { return nil }
        self.name = String(cString: name)
        words = "\(String(cString: sense)) (\(self.name))"
        if call.has_file != 0, let file = Int(parts[1].dropFirst(2), radix: 16),
            let target = ProcFS.link("/proc/\(pid)/fd/\(file)")
        {
            words += ", descriptor \(file): \(target)"
        }
    }
}

/// The files, sockets and pipes that a process holds open.
struct Files: Hashable, Sendable {
    var files = 0
    var sockets = 0
    var pipes = 0
    /// The first file that was deleted and is still open.
    var deleted: String?

    /// Nil when the process holds none besides devices, or when we may not read this.
    init?(pid: Int) {
        for number in ProcFS.numbers(in: "/proc/\(pid)/fd", atMost: ThreadWaits.mostFiles) where number > 2 {
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

    var words: String {
        let parts = [(files, "file"), (sockets, "socket"), (pipes, "pipe")].filter { $0.0 > 0 }.map { count, noun in
            "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    func blocker(_ pid: Int) -> ObservationEvent.SeenBlocker {
        .init(
            name: "files of \(pid)", cause: .files,
            text: "process \(pid) holds \(words) open" + (deleted.map { ", one of them deleted: \($0)" } ?? ""),
            pid: pid, count: files + sockets + pipes, file: deleted)
    }
}
