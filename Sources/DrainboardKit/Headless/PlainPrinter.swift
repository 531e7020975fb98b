import Screen
import ShutdownBoard
import ShutdownTrace

/// Prints a run line by line: its events, and what the server waits for whenever that changes.
///
/// Nothing moves the cursor, so that a screen reader, a pipe or a log file gets the same facts as a screen.
struct PlainPrinter {
    let isASCII: Bool
    private let output: (String) -> Void
    private var waiting = ""
    private var linesPrinted = 0

    init(isASCII: Bool, to output: @escaping (String) -> Void = Console.print) {
        self.isASCII = isASCII
        self.output = output
    }

    /// How a report is printed after the run: without colours, which a screen reader does not need.
    var style: TableStyle { .of(ascii: isASCII) }

    /// Prints what is new on a board.
    mutating func print(_ board: Board) {
        let total = board.feed.forgotten + board.feed.lines.count
        for line in board.feed.lines.suffix(total - linesPrinted) { print(Self.sentence(line, board)) }
        linesPrinted = total
        guard let waiting = Explainer(board, at: board.time).waiting else { return }
        let next = waiting.next.isEmpty ? "" : ", then " + waiting.next.joined(separator: ", ")
        let words = "waiting for \(waiting.what)\(waiting.oldest.map { ", oldest \($0)" } ?? "")\(next)"
        guard words != self.waiting else { return }
        self.waiting = words
        print(words)
    }

    /// "+0.012 server: drains, 9 in flight": the time counts from the signal, once there is one.
    private static func sentence(_ line: Feed.Line, _ board: Board) -> String {
        let since = line.time - (board.stopSignal?.at ?? .zero)
        let seconds = since.decimals(3, isSigned: board.stopSignal != nil)
        return "\(seconds) \(line.source.rawValue): \(line.text)\(line.isInferred ? " (inferred)" : "")"
    }

    /// Prints one line that may hold text from outside.
    func print(_ text: String) { output(Console.safe(text, ascii: isASCII)) }
}
