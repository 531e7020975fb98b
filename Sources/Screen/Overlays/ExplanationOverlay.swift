internal import ShutdownBoard

/// What is happening now and why, docked above the footer: the panes above it go on, and so do their keys.
struct ExplanationOverlay {
    let scene: Scene
    let size: Size

    func draw(_ canvas: inout Canvas, scroll: Int) {
        let lines = self.lines
        let rect = rect(lines.count)
        canvas.fill(rect)
        canvas.targets.add(.overlay, rect)
        let inner = canvas.box(rect, title, style: .plain, titleStyle: Style(.normal, .bold)).inset(rows: 0, columns: 1)
        let page = Scrolling(lines.count, rows: inner.rows, scroll: scroll)
        page.drawSign(&canvas, rect.bottom - 1, from: inner.column, to: inner.right)
        for (index, line) in lines[page.shown].enumerated() { canvas.put(line, inner.row + index, inner.column) }
    }

    /// The scroll that shows its last page.
    var lastScroll: Int {
        let count = lines.count
        return Scrolling.last(count, rows: rect(count).rows - 2)
    }

    /// A blank line stands between paragraphs.
    private var lines: [String] {
        Paragraph.lines(
            scene.explanation.joined(separator: "\n\n"), width: max(1, min(100, columns - 4)), breakingWords: true)
    }

    private var columns: Int { size.columns }

    /// At most half of the screen, but for a very small one.
    private func rect(_ lines: Int) -> Rect {
        let room = max(1, size.rows - 1)
        let rows = min(room, lines + 2, max(6, size.rows / 2))
        return Rect(row: room - rows, column: (size.columns - columns) / 2, rows: rows, columns: columns)
    }

    private var title: String {
        let phase = scene.phase.word.lowercased()
        return scene.board.gate.isHeld ? "now: held, \(phase)" : "now: \(phase)"
    }
}
