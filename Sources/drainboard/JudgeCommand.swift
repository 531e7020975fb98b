import ArgumentParser
import DrainboardKit
import Foundation
import LogImport
import Player
import ShutdownBoard

/// `drainboard judge FILE`: the verdict of a recorded run.
struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge", abstract: "Print the verdict of a recorded run.",
        discussion: """
            A server's log is judged as well; the verdict says what cannot be known from it.

            Exit status: 0 graceful, 1 not graceful, 2 the file cannot be read, 3 inconclusive.

            Examples:
              drainboard judge run.jsonl
              drainboard judge server.log --format json
            """)

    @Argument(help: "A trace, as --record writes it, a server's log, or the name of a run that drainboard runs lists.")
    var file: String

    @Option(help: "text, json or junit.")
    var format = Report.Format.text

    @Option(
        help: ArgumentHelp(
            "More rules for the lines of logs; drainboard help rules-format describes them.", valueName: "file"))
    var rules: String?

    @OptionGroup var table: TableOptions

    func run() throws {
        let rules = try RuleBook.builtIn(extendedBy: rules)
        let file = try RunLibrary.file(file)
        let board = try Recording.whole(file, rules: rules).timeline.head
        Console.print(try Report(board, recording: file).formatted(format, table.style))
        Glibc.exit(Judge(board).verdict.word.exitCode)
    }
}

extension Report.Format: ExpressibleByArgument {}
