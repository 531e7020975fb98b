package import ShutdownBoard
internal import ShutdownTrace

/// A comparison as lines of text: aligned columns, and a `*` before each difference.
package struct ComparisonText {
    /// One line, with whether it heads a section or shows a difference.
    package struct Line: Hashable, Sendable {
        package var text: String
        package var isTitle = false
        package var differs = false
    }

    package let lines: [Line]

    /// - Parameters:
    ///   - comparison: The comparison of two runs.
    ///   - width: The columns that there are. Two answers that are too long to stand beside each other stand below each
    ///     other, and are broken into lines where they must be.
    package init(_ comparison: Comparison, width: Int = .max) {
        let rows = comparison.sections.flatMap(\.rows)
        let label = min(max(8, width / 3), rows.map(\.label.count).max() ?? 0)
        let answer = max(1, min(48, rows.map(\.left.count).max() ?? 0, width == .max ? 48 : (width - label - 8) / 2))
        lines = comparison.sections.enumerated().flatMap { index, section in
            (index == 0 ? [] : [Line(text: "")]) + [Line(text: section.title, isTitle: true)]
                + section.rows.flatMap { row in
                    Self.lines(of: row, label: label, answer: answer, width: width).map {
                        Line(text: $0, differs: row.differs)
                    }
                }
        }
    }

    private static func lines(of row: Comparison.Row, label: Int, answer: Int, width: Int) -> [String] {
        let names = Paragraph.lines(row.label, width: label)
        let start = { (index: Int) in
            (index == 0 && row.differs ? "* " : "  ")
                + (names.indices.contains(index) ? names[index] : "").padded(right: label) + "   "
        }
        let room = width == .max ? .max : max(1, width - label - 5)
        let isBeside = row.left.count <= answer && row.right.count <= room - answer - 3
        let answers =
            isBeside
            ? [row.left.padded(right: answer) + "   " + row.right]
            : [row.left, row.right].flatMap { Paragraph.lines($0, width: room) }
        return (0..<max(answers.count, names.count)).map { index in
            start(index) + (answers.indices.contains(index) ? answers[index] : "")
        }
    }
}

/// The comparison over the two boards.
struct DifferencesOverlay {
    let scene: Scene
    let size: Size

    private static let widest = 120

    func draw(_ canvas: inout Canvas, scroll: Int) {
        let lines = Self.lines(scene.view, size)
        let (inner, shown) = OverlayPane.page(
            &canvas, size, title: "differences", rows: lines.count, columns: Self.widest, scroll: scroll)
        for (index, line) in lines[shown].enumerated() {
            let style: Style = line.isTitle ? Style(.faint) : line.differs ? Style(.normal, .bold) : .plain
            canvas.put(line.text, inner.row + index, inner.column, style, width: inner.columns)
        }
    }

    /// The scroll that shows the last page.
    static func lastScroll(_ view: View, _ size: Size) -> Int {
        Scrolling.last(lines(view, size).count, rows: OverlayPane.rows(size))
    }

    private static func lines(_ view: View, _ size: Size) -> [ComparisonText.Line] {
        view.comparison.map { ComparisonText($0, width: max(1, min(widest, size.columns - 4))).lines } ?? []
    }
}
