internal import ArgumentParser
internal import Foundation
internal import ShutdownBoard

/// `drainboard judge FILE`: the verdict of a recorded run.
struct Judge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the verdict of a recorded run.",
        discussion: "Exit status: 0 graceful, 1 not graceful, 2 the file cannot be read, 3 inconclusive.")

    @Argument(help: "A trace, as --record writes it.")
    var file: String

    @Option(help: "text, json or junit.")
    var format = Report.Format.text

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    func run() throws {
        let recording = try Recording(contentsOf: file)
        for problem in recording.problems { Console.error("\(file), \(problem)") }
        let report = Report(recording.board, recording: file)
        Console.print(try report.formatted(format, ascii: ascii))
        Glibc.exit(recording.board.verdict.word.exitCode)
    }
}

extension Report.Format: ExpressibleByArgument {}
