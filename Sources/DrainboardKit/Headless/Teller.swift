import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace

/// Says a run line by line: its events, and what the server is waiting for whenever that changes.
///
/// Nothing moves the cursor, so that a screen reader, a pipe or a log file gets the same facts as a screen.
struct Teller {
    let isASCII: Bool
    private var said = ""
    private var linesSaid = 0

    init(isASCII: Bool) { self.isASCII = isASCII }

    /// Says what is new on a board.
    mutating func tell(_ board: Board) {
        let total = board.feed.forgotten + board.feed.lines.count
        for line in board.feed.lines.suffix(min(total - linesSaid, board.feed.lines.count)) { say(line, board) }
        linesSaid = total
        guard let waiting = Explainer(board, at: board.time).waiting else { return }
        let next = waiting.next.isEmpty ? "" : ", then " + waiting.next.joined(separator: ", ")
        let words = "waiting for \(waiting.what)\(waiting.oldest.map { ", oldest \($0)" } ?? "")\(next)"
        guard words != said else { return }
        said = words
        tell(words)
    }

    private func say(_ line: Feed.Line, _ board: Board) {
        let since = line.time - (board.stopSignal?.at ?? .zero)
        let sign = board.stopSignal == nil ? "" : since < .zero ? "-" : "+"
        let seconds = String(format: "%.3f", abs(since.seconds))
        let inferred = line.isInferred ? " (inferred)" : ""
        tell("\(sign)\(seconds) \(line.source.rawValue): \(line.text)\(inferred)")
    }

    /// Prints one line that may hold text from outside.
    func tell(_ text: String) {
        let safe = printable(text)
        Console.print(isASCII ? asciiOnly(safe) : safe)
    }
}
