import ArgumentParser
import DrainboardKit
import Glibc
import Platform

/// The program: its subcommands, and the exit status of each error.
@main
struct Drainboard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drainboard",
        abstract: "Watch a server shut down: what is in flight, what is being released, and what was lost.",
        discussion: """
            Without a subcommand: the dashboard over the embedded demo server. Press t there to send SIGTERM, ? for help.

            Exit status: of check and judge 0 graceful, 1 not graceful, 2 wrong usage or the server could not be run, \
            3 inconclusive. Of the dashboard 0, or 2 where there is no usable terminal.

            Examples:
              drainboard
              drainboard check --url 'http://127.0.0.1:{port}/slow' -- node server.js
              drainboard help glossary

            Topics of drainboard help: \(HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")).
            A moment, as --at takes it, is S seconds since the start of the run, or with a sign +S or -S since the signal.
            """,
        version: Program.version,
        subcommands: [
            Demo.self, Replay.self, Watch.self, Check.self, JudgeCommand.self, Compare.self, Sweep.self, Grid.self,
            ExportCommand.self, Runs.self, Scenarios.self, LessonCommand.self, Serve.self, HelpCommand.self,
        ],
        defaultSubcommand: Demo.self)

    static func main() {
        // A write to a guard process or a server that is gone fails, and does not end this process.
        Glibc.signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(Array(Program.arguments.dropFirst()))
            // Help is a command too, and needs nothing.
            let isOurs = configuration.subcommands.contains { $0 == type(of: command) }
            guard ProcFS.isMounted || !isOurs else {
                throw Failure("There is no /proc here, in which servers are looked at. mount -t proc proc /proc")
            }
            try command.run()
        } catch let failure as Failure {
            Console.error(failure.description)
            Self.exit(withError: ExitCode(2))
        } catch {
            // The parser's own errors are usage errors, which are 2 by the tradition of getopt.
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            // Help that cannot be written is an error too.
            if code == .success, !message.isEmpty { Console.print(message) }
            guard code == .validationFailure else { Self.exit(withError: code) }
            Console.error(String(message.trimmingPrefix(_errorPrefix)))
            Self.exit(withError: ExitCode(2))
        }
    }
}
