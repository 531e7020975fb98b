import ArgumentParser
import DrainboardKit
import Experiment
import Foundation
import LogImport
import Terminal

/// `drainboard watch`: the dashboard over any server, started as a child, or over a trace on standard input.
struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the dashboard over any server, or follow a trace or a log on standard input.",
        discussion: """
            With --url, clients ask the server, and their requests are shown. Without it nobody does: its processes, sockets \
            and signals are shown. The command gets its port as PORT, and for {port}. Lines that it prints and a rule \
            knows become phases, marked as inferred. Keys: t SIGTERM, i SIGINT, K SIGKILL, s all signals, r run again.

            With a dash, keys come from the terminal. The end of the input is shown, and is no exit: look back, and press \
            q to quit.

            Examples:
              drainboard watch --url 'http://127.0.0.1:{port}/slow' -- node server.js
              drainboard watch -- ./worker
              kubectl logs -f POD | drainboard watch -
              drainboard serve | drainboard watch -
            """)

    @Argument(help: "A dash: standard input.")
    var input: String?

    @OptionGroup(title: "Any server") var server: ServerOptions

    @Option(help: "The port on 127.0.0.1, where the URL has none (default: a free one).")
    var port: Int?

    @Option(parsing: .unconditional, help: "Seconds from the first signal to SIGKILL (default: 30).")
    var grace: Double?

    @Option(help: ArgumentHelp("Also record the run in this file.", valueName: "file"))
    var record: String?

    @Option(
        help: ArgumentHelp(
            "More rules for the lines of logs; drainboard help rules-format describes them.", valueName: "file"))
    var rules: String?

    @OptionGroup var display: DisplayOptions

    func validate() throws {
        if let grace { try positive(grace, "--grace", "seconds") }
        switch input {
        case nil where server.isGiven: break
        case "-" where !server.isGiven:
            guard port == nil, grace == nil, record == nil else {
                throw ValidationError(
                    "--port, --grace and --record are about a server that is started: not with a dash.")
            }
        case "-": throw ValidationError("Standard input or a command: give a dash, or two dashes and the command.")
        case nil, _?:
            throw ValidationError(
                "What is to be watched? A command, drainboard watch -- node server.js, or standard input: drainboard watch -"
            )
        }
    }

    func run() throws {
        let rules = try RuleBook.builtIn(extendedBy: rules)
        if input == nil { try runServer(rules) } else { try follow(rules) }
    }

    private func runServer(_ rules: RuleBook) throws {
        let plan = try plan
        guard !display.isPlain else {
            let run = try PlainRun(plan, isASCII: display.isASCII, interpreter: Interpreter(rules: rules))
            Glibc.exit(try run.show())
        }
        try Dashboard(display.settings) { _, wakeup in
            try .live(plan, interpreter: Interpreter(rules: rules), wakeup)
        }.run()
    }

    private var plan: Plan {
        get throws {
            var plan = try server.session(port: port, grace: grace).plan
            plan.isAsked = server.url != nil
            plan.recordings = record.map { [$0] } ?? []
            return plan
        }
    }

    private func follow(_ rules: RuleBook) throws {
        guard isatty(STDIN_FILENO) == 0 else {
            throw Failure("There is no trace on standard input. Try: drainboard serve | drainboard watch -")
        }
        guard !display.isPlain else {
            var replay = PlainReplay(name: "standard input", rules: rules, isASCII: display.isASCII)
            return try replay.run(STDIN_FILENO, recording: nil)
        }
        let dashboard = try Dashboard(display.settings, keys: .controllingTerminal) { _, wakeup in
            .stream(try InputTimeline(STDIN_FILENO, rules: rules) { wakeup.wake() })
        }
        try dashboard.run()
    }
}
