import ArgumentParser
import DrainboardKit
import Export
import LogImport
import Screen
import ShutdownBoard

/// `drainboard export`: a recorded run as a file that people pass on.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a recorded run as a picture, a page, a report or a cast.",
        discussion: """
            A server's log is exported as well; what it does not tell is said to be unknown.

              svg        the screen at a moment; with --timeline the whole shutdown drawn
              html       one page that plays and scrubs the run, without a network
              markdown   a report to paste into an incident
              asciicast  version 2, for asciinema play

            The output is written beside its place and then put there in one step: a file that was there stays whole until \
            the new one is. Without -o it goes to the current folder under the recording's name (run.jsonl gives run.svg), \
            and nothing is overwritten unless --force is given. -o FILE replaces FILE.

            Lines that cannot be read are told on standard error; the rest is exported. Exit status: 0, or 2 where nothing \
            was written.

            Examples:
              drainboard export run.jsonl --to markdown -o -
              drainboard export run.jsonl --to svg --at +1.5
              drainboard export run.jsonl --to svg --timeline
            """)

    @Argument(help: "A trace, as --record writes it, a server's log, or a run's name; - is standard input.")
    var file: String

    @Option(name: .customLong("to"), help: "svg, html, markdown or asciicast.")
    var format: ExportFormat

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Where to write; - is standard output (default: the recording's name, in this folder).", valueName: "file"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "\(ExportMoment.help): of the still (default: in the middle of the drain).", valueName: "t"),
        transform: ExportMoment.init)
    var at: ExportMoment?

    @Flag(help: "With svg: draw the whole shutdown instead of the screen.")
    var timeline = false

    @Option(
        help: ArgumentHelp("The size of the screen (default: 100x30).", valueName: "colsxrows"),
        transform: FrameSize.init)
    var size = FrameSize(columns: 100, rows: 30)

    @Option(help: ArgumentHelp("dark, light or monochrome.", valueName: "name"))
    var theme = "dark"

    @Flag(help: "Overwrite a file that has the output's name when -o is not given.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "More rules for the lines of logs; drainboard help rules-format describes them.", valueName: "file"))
    var rules: String?

    func validate() throws {
        _ = try Theme.find(theme)
        if timeline, format != .svg { throw ValidationError("--timeline is a drawing: use it with --to svg.") }
        if at != nil, timeline || format == .html || format == .asciicast {
            throw ValidationError("--at chooses the moment of a still: use it with --to svg or --to markdown.")
        }
        guard size.size.columns >= 20, size.size.rows >= 4, size.size.columns <= 400, size.size.rows <= 200 else {
            throw ValidationError("--size is the size of the screen that is shown: from 20x4 to 400x200.")
        }
    }

    func run() throws {
        let rules = try RuleBook.builtIn(extendedBy: rules)
        let file = try RunLibrary.file(file)
        let source = try ExportSource(file, rules: rules)
        var summary = RunSummary()
        for problem in try source.play(header: { summary.apply($0) }, event: { summary.apply($0) }) {
            Console.error("\(source.name), \(problem)")
        }
        guard summary.board.eventCount > 0 else { throw Failure.noEvent(in: source.name) }
        let request = ExportRequest(
            format, isTimeline: timeline, at: at, size: size.size, theme: try .find(theme))
        let text = try Exporter(request: request, source: source, summary: summary).text()
        try ExportFile(path: output ?? request.name(for: file), mayReplace: output != nil || force).write(text)
    }
}

extension ExportFormat: ExpressibleByArgument {}
