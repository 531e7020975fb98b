import CLinux
import Glibc
import Platform
import ShutdownTrace
import Subprocess
import SystemPackage

/// The server as a process: alive in a group of its own until it was waited for.
///
/// While the body of ``spawn`` runs nobody reaps it, so its pid is its own even after the end.
struct Child: Sendable {
    /// What waitid(2) told.
    enum Change: Hashable, Sendable {
        case stopped, continued
        case ended(ExitStatus)
    }

    let pid: Int
    private let descriptor: Int32

    /// The ends of the pipes that the child gets.
    struct Streams: Sendable {
        let input: Pipe
        let output: Pipe
        let error: Pipe

        init() throws(ExperimentError) {
            input = try Pipe(capacity: 4_096)
            output = try Pipe()
            error = try Pipe()
        }
    }

    /// Starts the server and runs the body while it lives and is looked at.
    ///
    /// It gets the default signal actions, an empty mask, a process group of its own, and a standard input whose other
    /// end only this process holds.
    ///
    /// - Throws: ``ExperimentError`` when it cannot be started, and what the body throws.
    static func spawn(
        _ launch: Launch, _ streams: Streams, _ body: (Child) async throws -> Void
    ) async throws {
        var options = PlatformOptions()
        options.processGroupID = 0
        let (name, environment) = (launch.command.first ?? "", launch.environment)
        let configuration = Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(launch.command.dropFirst())),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            workingDirectory: launch.directory.map { FilePath($0) }, platformOptions: options)
        do {
            _ = try await Subprocess.run(
                configuration,
                input: .fileDescriptor(
                    FileDescriptor(rawValue: streams.input.handOverReading()), closeAfterSpawningProcess: true),
                output: .fileDescriptor(
                    FileDescriptor(rawValue: streams.output.handOverWriting()), closeAfterSpawningProcess: true),
                error: .fileDescriptor(
                    FileDescriptor(rawValue: streams.error.handOverWriting()), closeAfterSpawningProcess: true)
            ) { execution in
                let process = execution.processIdentifier
                try await body(Child(pid: Int(process.value), descriptor: process.processDescriptor))
            }
        } catch let error as SubprocessError {
            throw error.code == .executableNotFound
                ? Self.absent(name)
                : .cannotStart(command: launch.command.joined(separator: " "), cause: Self.cause(error))
        }
    }

    /// Sends a signal to exactly this process, or to its whole group; only while nobody has reaped the child.
    ///
    /// Returns 0 or the errno, ESRCH when it is gone.
    func send(_ signal: ShutdownTrace.Signal, to target: SignalTarget = .process) -> Int32 {
        switch target {
        case .process: clinux_signal(descriptor, signal.rawValue)
        case .group: kill(-pid_t(pid), signal.rawValue) == 0 ? 0 : errno
        }
    }

    /// Kills what is left of its process group; only while nobody has reaped the child.
    func killGroup() {
        kill(-pid_t(pid), SIGKILL)
    }

    /// Stops, continuations and the end, as they happen.
    func changes(_ clock: RunClock) -> AsyncStream<(Change, Time)> {
        let (stream, continuation) = AsyncStream.makeStream(of: (Change, Time).self)
        let pid = pid_t(pid)
        startThread(named: "waitid") {
            while true {
                var change = clinux_change()
                guard clinux_wait(pid, &change) == 0 else { break }
                let what = Self.change(change)
                continuation.yield((what, clock.now))
                if case .ended = what { break }
            }
            continuation.finish()
        }
        return stream
    }

    private static func change(_ change: clinux_change) -> Change {
        let signal = ShutdownTrace.Signal(rawValue: change.status)
        switch Int(change.how) {
        case CLINUX_EXITED: return .ended(.exited(code: Int(change.status)))
        case CLINUX_KILLED: return .ended(.signaled(signal, coreDumped: false))
        case CLINUX_DUMPED: return .ended(.signaled(signal, coreDumped: true))
        case CLINUX_STOPPED: return .stopped
        default: return .continued
        }
    }

    /// Why it cannot be run: there is no such file, or it is no program.
    private static func absent(_ name: String) -> ExperimentError {
        var file = stat()
        guard name.contains("/"), stat(name, &file) == 0 else { return .commandNotFound(name) }
        let isFolder = file.st_mode & S_IFMT == S_IFDIR
        return .cannotStart(
            command: name, cause: isFolder ? "it is a folder" : "it may not be executed (chmod +x allows that)")
    }

    private static func cause(_ error: SubprocessError) -> String {
        if let errno = error.underlyingError { return errno.description.lowercased() }
        return error.description
    }
}
