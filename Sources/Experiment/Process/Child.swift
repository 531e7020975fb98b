import CLinux
import Glibc
import Platform
import ShutdownTrace
import Subprocess
import SystemPackage

/// A started process in a group of its own.
///
/// Nobody reaps it while the body of ``spawn`` runs, so its pid is its own even after its end.
struct Child: Sendable {
    enum Change: Hashable, Sendable {
        case stopped(by: ShutdownTrace.Signal)
        case continued
        case ended(ExitStatus)
    }

    let pid: Int
    private let descriptor: Int32

    /// The pipes that become the standard streams of the child.
    struct Streams: Sendable {
        let input: Pipe
        let output: Pipe
        let error: Pipe

        init() throws(RunError) {
            input = try Pipe(capacity: 4_096)
            output = try Pipe()
            error = try Pipe()
        }
    }

    /// Starts the process, and reaps it when the body has returned.
    ///
    /// The process gets the default signal actions, an empty mask, and a process group of its own. Only this process holds
    /// the other end of its standard input.
    ///
    /// - Throws: ``RunError`` when it cannot be started, and what the body throws.
    static func spawn(
        _ launch: Launch, _ streams: Streams, _ body: (Child) async throws -> Void
    ) async throws {
        var options = PlatformOptions()
        options.processGroupID = 0
        let name = launch.command.first ?? ""
        let configuration = Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(launch.command.dropFirst())),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: launch.environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: launch.directory.map { FilePath($0) }, platformOptions: options)
        let spawning = await Spawning.begin()
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
                spawning.end()
                let process = execution.processIdentifier
                try await body(Child(pid: Int(process.value), descriptor: process.processDescriptor))
            }
        } catch let error as SubprocessError {
            spawning.end()
            throw error.code == .executableNotFound
                ? Self.absent(name)
                : .cannotStart(command: launch.command.joined(separator: " "), cause: Self.cause(error))
        }
    }

    /// Sends a signal to exactly this process, or to its whole group.
    ///
    /// - Returns: 0 or the errno, ESRCH when the process is gone.
    func send(_ signal: ShutdownTrace.Signal, to target: SignalTarget = .process) -> Int32 {
        switch target {
        case .process: clinux_signal(descriptor, signal.rawValue)
        case .group: kill(-pid_t(pid), signal.rawValue) == 0 ? 0 : errno
        }
    }

    func killGroup() { kill(-pid_t(pid), SIGKILL) }

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
        case CLINUX_STOPPED: return .stopped(by: signal)
        default: return .continued
        }
    }

    /// Why a command was not found: there is no such file, or it is no program.
    private static func absent(_ name: String) -> RunError {
        var file = stat()
        guard name.contains("/"), stat(name, &file) == 0 else { return .commandNotFound(name) }
        return .cannotStart(
            command: name,
            cause: file.st_mode & S_IFMT == S_IFDIR
                ? "it is a folder" : "it may not be executed (chmod +x allows that)")
    }

    private static func cause(_ error: SubprocessError) -> String {
        if let errno = error.underlyingError { return errno.description.lowercased() }
        return error.description
    }
}
