internal import ShutdownTrace

/// A text of more rows than its place has: which of them are shown, and what lies above and below them.
struct Scrolling: Hashable, Sendable {
    /// The rows of the text that are shown.
    let shown: Range<Int>
    private let count: Int

    /// - Parameters:
    ///   - count: The rows of the text.
    ///   - rows: The rows of its place.
    ///   - scroll: The first row that a person wants; any number.
    init(_ count: Int, rows: Int, scroll: Int) {
        self.count = count
        let first = min(max(0, scroll), Self.last(count, rows: rows))
        shown = first..<min(count, first + max(0, rows))
    }

    /// The scroll that shows the last page; 0 where all of the text is shown at once.
    static func last(_ count: Int, rows: Int) -> Int { max(0, count - max(1, rows)) }

    /// "12 more lines below", the longest form first; empty where nothing is hidden.
    var signs: [String] {
        let above = shown.lowerBound
        let below = count - shown.upperBound
        switch (above, below) {
        case (0, 0): return []
        case (0, _): return ["\(counted(below, "more line")) below ↓", "\(below) more ↓"]
        case (_, 0): return ["\(counted(above, "line")) above ↑", "\(above) ↑"]
        default: return ["\(counted(above, "line")) above ↑, \(below) more below ↓", "\(above) ↑ \(below) ↓"]
        }
    }

    /// Puts the sign into a row, at the right.
    func drawSign(_ canvas: inout Canvas, _ row: Int, from: Int, to end: Int) {
        guard !signs.isEmpty else { return }
        let text = canvas.fitting(signs.map { " \($0) " }, end - from)
        canvas.putRight(text, row, from: from, to: end, Style(.normal, .bold))
    }
}
