import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// A hand on a picture.
struct Hand {
    let moment: Moment
    var size = Size(columns: 80, rows: 24)
    var view: View

    init(_ moment: Moment) {
        self.moment = moment
        view = moment.view
    }

    /// The screen, once a notice is gone from its footer.
    var lines: [String] {
        var shown = view
        shown.notice = nil
        return Painter.frame(board: moment.board, view: shown, now: moment.now, size: size).lines
    }

    /// The requests that have a row.
    var lanes: [Int] { lines.compactMap { Int($0.drop { !$0.isNumber }.prefix(while: \.isNumber)) } }

    func column(of words: String, in row: Int) -> Int {
        let line = lines[row]
        guard let range = line.firstRange(of: words) else {
            Issue.record("no \(words) in \(line)")
            return -1
        }
        return line.distance(from: line.startIndex, to: range.lowerBound)
    }

    @discardableResult mutating func press(_ key: Key) -> Effect? {
        view.notice = nil
        return view.press(key, on: moment.board, now: moment.now, size: size)
    }

    @discardableResult mutating func click(_ row: Int, _ column: Int) -> Effect? {
        press(.mouse(Mouse(.press(.left), row: row, column: column)))
    }

    mutating func click(_ words: String) { act(.press(.left), at: words) }

    mutating func wheel(_ action: Mouse.Action, at words: String) { act(action, at: words) }

    private mutating func act(_ action: Mouse.Action, at words: String) {
        guard let row = lines.firstIndex(where: { $0.contains(words) }) else {
            Issue.record("no \(words) on the screen:\n\(lines.joined(separator: "\n"))")
            return
        }
        press(.mouse(Mouse(action, row: row, column: column(of: words, in: row))))
    }
}
