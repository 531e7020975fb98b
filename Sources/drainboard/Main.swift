import ArgumentParser
import DrainboardKit
import Glibc
import Terminal

/// The entry: flags, wiring and exit codes; everything that can be known without a process or a terminal is elsewhere.
@main
struct Drainboard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drainboard",
        abstract: "Watch a server shut down: what is in flight, what is being released, and what was lost.",
        discussion: """
            Without a subcommand: the dashboard over the embedded demo server. Press t there to send SIGTERM, ? for help.

            Exit status: of check and judge 0 graceful, 1 not graceful, 2 wrong usage or the server could not be run, \
            3 inconclusive. Of the dashboard 0, or 2 where there is no usable terminal.
            """,
        version: "0.1.0",
        subcommands: [
            Demo.self, Replay.self, Watch.self, Check.self, JudgeCommand.self, Compare.self, Sweep.self, Grid.self,
            ExportCommand.self, Scenarios.self, LessonCommand.self, Serve.self,
        ],
        defaultSubcommand: Demo.self)

    static func main() {
        // The guard and the server may be gone when they are written to: that is an error of the write, not an end.
        Glibc.signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            Console.error(failure.description)
            Self.exit(withError: ExitCode(2))
        } catch {
            // The parser's own errors are usage errors: 2, as getopt's tradition has it.
            let code = exitCode(for: error)
            guard code == .validationFailure else { Self.exit(withError: error) }
            let message = fullMessage(for: error)
            Console.error(message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message)
            Self.exit(withError: ExitCode(2))
        }
    }
}
