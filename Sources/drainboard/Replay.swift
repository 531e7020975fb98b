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

    @Option(parsing: .unconditional, help: "The moment, in seconds since the start of the run (default: the end).")
    var at: Double?

    @Option(
        help: ArgumentHelp("Print one frame of this size as plain text.", valueName: "colsxrows"),
        transform: FrameSize.init)
    var frame = FrameSize(columns: 100, rows: 30)

    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    func validate() throws {
        if let at, !(0...1_000_000_000).contains(at) {
            throw ValidationError("--at must be from 0 to 1,000,000,000 seconds, not \(at).")
        }
    }

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
struct FrameSize: CustomStringConvertible {
    var size: Size

    init(columns: Int, rows: Int) { size = Size(columns: columns, rows: rows) }

    init(_ text: String) throws {
        let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers.allSatisfy((1...1_000).contains) else {
            throw ValidationError("\"\(text)\" is no size: give one from 1x1 to 1000x1000, such as 100x30.")
        }
        self.init(columns: numbers[0], rows: numbers[1])
    }

    var description: String { "\(size.columns)x\(size.rows)" }
}
