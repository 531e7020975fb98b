import Platform
import Subprocess
import SystemPackage

/// A tiny process in a session of its own that ends the servers when this process dies in whatever way.
///
/// It reads a pipe that only this process holds open. Told the process groups, it waits; told that the run is over, it
/// leaves; at the end of file, which comes even after SIGKILL, it kills the groups, stopped or deaf as they may be, and
/// removes the folders of the run.
struct ProcessReaper: Sendable {
    let pipe: Pipe

    private static let script = """
        trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
        while read -r word value; do
            case $word in
            child) children="$children -$value" ;;
            folder) set -- "$@" "$value" ;;
            over) exit 0 ;;
            esac
        done
        for child in $children; do kill -s KILL -- "$child"; done
        for folder; do if [ -n "$folder" ]; then rm -rf -- "$folder"; fi; done
        """

    /// Runs the body while a reaper watches.
    ///
    /// - Parameters:
    ///   - directory: Removed when this process dies before the body has ended; nil for none.
    ///   - body: Starts processes and names their groups to the reaper.
    /// - Throws: What the body throws, and ``RunError`` when the reaper cannot be started.
    static func run(removing directory: String?, _ body: @Sendable (ProcessReaper) async throws -> Void) async throws {
        let pipe = try Pipe(capacity: 4_096)
        let reaper = ProcessReaper(pipe: pipe)
        var options = PlatformOptions()
        options.createSession = true
        let spawning = await Spawning.begin()
        do {
            _ = try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", script, "drainboard-guard", directory ?? ""],
                platformOptions: options,
                input: .fileDescriptor(
                    FileDescriptor(rawValue: pipe.handOverReading()), closeAfterSpawningProcess: true),
                output: .discarded, error: .discarded
            ) { _ in
                spawning.end()
                defer {
                    reaper.write("over")
                    pipe.closeWriting()
                }
                try await body(reaper)
            }
        } catch let error as SubprocessError {
            throw RunError.cannotStart(command: "/bin/sh", cause: error.description)
        }
    }

    /// Adds a process group to those that must not outlive this process; nobody may reap its leader before the run is over.
    func watch(group: Int) { write("child \(group)") }

    /// Adds a folder to what must not outlive this process; its path has no newline.
    func remove(folder: String) { write("folder \(folder)") }

    /// The program ignores SIGPIPE from its start, so a reaper that is gone already does no harm.
    private func write(_ line: String) { pipe.write(Array("\(line)\n".utf8)) }
}
