internal import ArgumentParser
internal import Foundation
internal import LogImport
internal import Terminal

/// `drainboard watch -`: a run that somebody else makes, as its trace or log comes over standard input.
struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow a trace, or a server's log, on standard input.",
        discussion: """
            kubectl logs -f POD | drainboard watch -
            ssh HOST tail -f run.jsonl | drainboard watch -
            drainboard serve | drainboard watch -

            Keys come from the terminal. The end of the input is shown, and is no exit: look back, and press q to quit.
            """)

    @Argument(help: "A dash: standard input.")
    var input: String

    @Option(help: ArgumentHelp("More rules for the lines of logs; RulesFormat.md describes them.", valueName: "file"))
    var rules: String?

    @OptionGroup var display: DisplayOptions

    func validate() throws {
        guard input == "-" else {
            throw ValidationError("drainboard watch follows standard input: drainboard watch -")
        }
    }

    func run() throws {
        guard isatty(STDIN_FILENO) == 0 else {
            throw Failure("There is no trace on standard input. Try: drainboard serve | drainboard watch -")
        }
        let rules = try RuleBook.builtIn(extendedBy: rules)
        guard !display.isPlain else {
            var replay = PlainReplay(name: "standard input", rules: rules, isASCII: display.isASCII)
            return try replay.run(STDIN_FILENO, recording: nil)
        }
        let dashboard = try Dashboard(
            display, keys: .controllingTerminal
        ) { _, bell in .stream(try Intake(STDIN_FILENO, rules: rules) { bell.ring() }) }
        try dashboard.run()
    }
}
