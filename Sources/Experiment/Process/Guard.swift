import Platform
import Subprocess
import SystemPackage

/// A tiny process in a session of its own that ends the servers when the dashboard dies in whatever way.
///
/// It reads a pipe that only this process holds open. Told the process groups, it waits; told that it is over, it
/// leaves; at the end of file, which comes even after SIGKILL, it kills the groups, stopped or deaf as they may be, and
/// removes the working directory of the run.
struct Guard: Sendable {
    let pipe: Pipe

    private static let script = """
        trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
        while read -r word number; do
            case $word in
            child) children="$children -$number" ;;
            over) exit 0 ;;
            esac
        done
        for child in $children; do kill -s KILL -- "$child"; done
        if [ -n "$1" ]; then rm -rf -- "$1"; fi
        """

    /// Runs the body under guard.
    ///
    /// - Parameters:
    ///   - directory: Removed when this process dies before the body has ended; nil for none.
    ///   - body: What the guard watches over.
    /// - Throws: What the body throws, and ``ExperimentError`` when the guard cannot be started.
    static func run(removing directory: String?, _ body: @Sendable (Guard) async throws -> Void) async throws {
        let pipe = try Pipe(capacity: 4_096)
        let me = Guard(pipe: pipe)
        var options = PlatformOptions()
        options.createSession = true
        do {
            _ = try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", script, "drainboard-guard", directory ?? ""],
                platformOptions: options,
                input: .fileDescriptor(
                    FileDescriptor(rawValue: pipe.handOverReading()), closeAfterSpawningProcess: true),
                output: .discarded, error: .discarded
            ) { _ in
                defer { me.over() }
                try await body(me)
            }
        } catch let error as SubprocessError {
            throw ExperimentError.cannotStart(command: "/bin/sh", cause: error.description)
        }
    }

    /// Tells whom to kill, besides those told before; nobody may reap its leader before the run is over.
    func watch(group: Int) { write("child \(group)\n") }

    private func over() {
        write("over\n")
        pipe.closeWriting()
    }

    /// A guard that is gone already is not worth a signal: the program ignores SIGPIPE from its start.
    private func write(_ text: String) {
        pipe.write(Array(text.utf8))
    }
}
