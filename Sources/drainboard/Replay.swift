internal import ArgumentParser
internal import Experiment
internal import Foundation
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// `drainboard replay`: a recorded run on the screen.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the screen of a recorded run at a moment.",
        discussion: "Without a file: the newest recorded run.")

    @Argument(help: "A trace, as --record writes it.")
    var file: String?

    @Option(help: "The moment, in seconds since the start of the run (default: the end).")
    var at: Double?

    @Option(help: ArgumentHelp("Print one frame of this size as plain text.", valueName: "colsxrows"))
    var frame = FrameSize(size: Size(columns: 100, rows: 30))

    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    func run() throws {
        guard let file = file ?? Experiment.recordings().first else {
            throw Failure("There is no recorded run yet. Run drainboard demo first, or name a file.")
        }
        let recording = try Recording(contentsOf: file, upTo: at.map(Time.seconds))
        for problem in recording.problems { Console.error("\(file), \(problem)") }
        let board = recording.board
        let picture = Painter.frame(
            board: board, view: View(lessons: []), now: at.map(Time.seconds) ?? board.time, size: frame.size,
            capabilities: Capabilities(isUTF8: !ascii))
        for line in picture.lines { Console.print(line) }
    }
}

/// `100x30`: columns and rows.
struct FrameSize: ExpressibleByArgument {
    var size: Size

    init(size: Size) { self.size = size }

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]), (1...1_000).contains(columns),
            (1...1_000).contains(rows)
        else { return nil }
        size = Size(columns: columns, rows: rows)
    }

    var defaultValueDescription: String { "\(size.columns)x\(size.rows)" }
}
