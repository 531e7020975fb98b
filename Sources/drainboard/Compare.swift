internal import ArgumentParser
internal import Foundation
internal import LogImport
internal import Player
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// `drainboard compare A B`: two recorded runs beside each other, on one clock.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put two recorded runs beside each other, on one clock that starts at the signal.",
        discussion: """
            The difference in fates, times and payments as text; with --frame a picture of both at the same moment.
            Record both with the same --seed, and they were asked the same.
            Exit status: 0, also when they differ; 2 when a file cannot be read or the runs have nothing in common.
            """)

    @Argument(help: "A recorded run, or a known server's log.")
    var left: String

    @Argument(help: "Another one.")
    var right: String

    @Option(
        parsing: .unconditional,
        help: "The moment of the picture, in seconds since the signal (default: the end of both).")
    var at: Double?

    @Option(
        help: ArgumentHelp("Print a picture of both, side by side, of this size together.", valueName: "colsxrows"),
        transform: FrameSize.init)
    var frame: FrameSize?

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    func run() throws {
        let tapes = try [left, right].map { try Self.open($0) }
        let boards = tapes.map(\.timeline.head)
        guard let comparison = Comparison(boards[0], boards[1]) else {
            let silent = zip([left, right], boards).first { $1.shutdownStart == nil }?.0 ?? left
            throw Failure(
                "The two runs have nothing in common to compare: \(silent) shows no signal and no exit. Name two runs in "
                    + "which a server was asked to stop.")
        }
        if let frame {
            for line in try Self.picture(tapes, boards, at.map(Time.seconds), frame.size, ascii: ascii) {
                Console.print(line)
            }
            return
        }
        for line in Self.text(comparison) { Console.print(ascii ? asciiOnly(printable(line)) : printable(line)) }
    }

    private static func open(_ file: String) throws -> Tape {
        let tape = try Tape(contentsOf: file)
        try tape.readWhole()
        tape.complain()
        return tape
    }

    /// Both frames, half as wide each, with a line between them.
    private static func picture(
        _ tapes: [Tape], _ boards: [Board], _ at: Time?, _ size: Size, ascii: Bool
    ) throws -> [String] {
        let width = (size.columns - 1) / 2
        guard width >= 20 else { throw Failure("Two pictures need at least 41 columns, not \(size.columns).") }
        let halves = zip(tapes, boards).map { tape, board in
            var player = Player(tape.timeline, recording: nil)
            let moment = at.flatMap { at in board.shutdownStart.map { $0 + at } }
            player.perform(moment.map(Move.to) ?? .end, at: .zero)
            return Painter.frame(
                board: player.board, view: View(), now: player.position.time,
                size: Size(columns: width, rows: size.rows), capabilities: Capabilities(isUTF8: !ascii)
            ).lines
        }
        return (0..<size.rows).map { row in
            let left = halves[0].indices.contains(row) ? halves[0][row] : ""
            let right = halves[1].indices.contains(row) ? halves[1][row] : ""
            return left.padded(right: width) + (ascii ? "|" : "│") + right
        }
    }

    /// The sections as columns that line up; a `*` marks what differs.
    private static func text(_ comparison: Comparison) -> [String] {
        let rows = comparison.sections.flatMap(\.rows)
        let label = rows.map(\.label.count).max() ?? 0
        let left = min(48, rows.map(\.left.count).max() ?? 0)
        return comparison.sections.enumerated().flatMap { index, section in
            (index == 0 ? [] : [""]) + [section.title]
                + section.rows.map { row in
                    let mark = row.differs ? "*" : " "
                    let start = "\(mark) \(row.label.padded(right: label))   "
                    guard row.left.count > left else { return start + "\(row.left.padded(right: left))   \(row.right)" }
                    // Too long to stand beside: one under the other.
                    return start + row.left + "\n" + String(repeating: " ", count: label + 5) + row.right
                }
        }
    }
}
