internal import Glibc
import Platform

/// A shell script in a process group of its own, with a run's mark, and what it prints.
///
/// Foundation's own class would wait for the grandchildren too, and block signals in all of them.
package final class Tree {
    package let pid: Int
    package let mark = "DRAINBOARD_TEST=\(UInt64.random(in: 0...UInt64.max))"
    private let output: Pipe
    private let input: Pipe
    private var text = ""
    private var isReaped = false

    package init(_ script: String) throws {
        (output, input) = (try Pipe(), try Pipe())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var pid = pid_t()
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), strdup(mark), nil]
        let failure = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, environment)
        for word in arguments + environment { free(word) }
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        output.closeWriting()
        input.closeReading()
        if failure != 0 { throw CannotSpawn(errno: failure) }
        self.pid = Int(pid)
    }

    /// Reads until it has printed this line.
    package func wait(_ line: String) throws { _ = try first("“\(line)”") { $0 == line } }

    /// The number on the line that begins with this word.
    package func value(_ name: String) throws -> Int {
        let line = try first("“\(name) …”") { $0.hasPrefix(name + " ") }
        guard let value = Int(line.dropFirst(name.count + 1)) else { throw NeverCame("a number in “\(line)”") }
        return value
    }

    /// Reads until it has printed such a line, a minute at most.
    private func first(_ awaited: String, _ isIt: (String) -> Bool) throws -> String {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if let line = lines.first(where: isIt) { return line }
            guard read() else { break }
        }
        throw NeverCame("the script's line \(awaited): it printed “\(text)”")
    }

    package func write(_ text: String) { input.write(Array(text.utf8)) }

    /// Kills the shell and its group; whoever left the group is killed by its family.
    package func end() {
        if !isReaped { kill(-pid_t(pid), SIGKILL) }
        endShell()
        output.closeReading()
        input.closeWriting()
    }

    /// Kills only the shell.
    package func endShell() {
        guard !isReaped else { return }
        kill(pid_t(pid), SIGKILL)
        var status: Int32 = 0
        waitpid(pid_t(pid), &status, 0)
        isReaped = true
    }

    private var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// Reads once; false at the end of file, and when nothing has come for a minute.
    private func read() -> Bool {
        var wait = pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, 60_000) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(output.reading, &bytes, bytes.count)
        guard count > 0 else { return false }
        text += String(decoding: bytes[..<count], as: UTF8.self)
        return true
    }
}

struct CannotSpawn: Error {
    var errno: Int32
}
