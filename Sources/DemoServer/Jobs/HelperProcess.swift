import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// A child process of the server.
///
/// It has the default action for every signal and blocks none; otherwise it would inherit both from the thread that
/// starts it. Its output is thrown away. Of the server's open descriptors it inherits only the ones that it is given.
final class HelperProcess: Sendable {
    /// Fires when the process has ended and was waited for.
    let ended = OneShotEvent()

    private let pid: pid_t
    private let status = Mutex<Int32>(0)

    /// Starts a command that is looked up in PATH; nil when that fails.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - group: The process group that it belongs to.
    ///   - input: Its standard input; nil for an empty one.
    ///   - inherited: A descriptor that it keeps under the same number.
    init?(_ command: [String], group: Behaviour.Helper.Group, input: Int32? = nil, inherited: Int32? = nil) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for output: Int32 in 1...2 { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
        // NIO's sockets are not close-on-exec, and an inherited one keeps its connection open.
        for descriptor in ProcFS.numbers(in: "/proc/self/fd").map(Int32.init)
        where descriptor > 2 && descriptor != inherited {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let ownGroup = group == .own ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | ownGroup))
        var pid = pid_t()
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        guard posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ) == 0 else { return nil }
        self.pid = pid
        startThread { self.wait() }
    }

    /// How the process failed, in words; nil when it exited with 0, or still runs.
    var failure: String? {
        let status = status.withLock(\.self)
        let signal = status & 0x7F
        if signal != 0 { return "its helper was killed by \(Signal(rawValue: signal).name)" }
        let code = (status >> 8) & 0xFF
        return code == 0 ? nil : "its helper exited with \(code)"
    }

    /// Sends SIGTERM to the process and waits for its end.
    func end() async {
        if !ended.hasFired { kill(pid, SIGTERM) }
        await ended.outcome()
    }

    /// The process stays a zombie until then, so no other process can have its pid before.
    private func wait() {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        self.status.withLock { $0 = status }
        ended.fire()
    }
}
