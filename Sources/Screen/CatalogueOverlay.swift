internal import ShutdownBoard

/// The lessons: a list by subject, and everything about the chosen one.
struct CatalogueOverlay {
    let scene: Scene
    let size: Size

    private var lessons: [Lesson] { scene.view.shownLessons }

    private enum Row {
        case subject(String)
        case lesson(Int)
    }

    func draw(_ canvas: inout Canvas, cursor: Int) {
        let inner = OverlayPane.box(
            &canvas, size, title: title, right: count,
            rows: max(min(8, size.rows - 3), min(size.rows - 6, tallest + 14)),
            columns: 100)
        guard lessons.indices.contains(cursor) else {
            canvas.put("no lesson has this text", inner.row, inner.column, Style(.faint), width: inner.columns)
            return
        }
        let detail = details(lessons[cursor], width: inner.columns)
        let detailRows = inner.rows >= 10 ? min(detail.count, inner.rows / 2) : 0
        let (list, below) = inner.splitTop(inner.rows - detailRows - (detailRows > 0 ? 1 : 0))
        drawList(&canvas, list, cursor)
        for (index, line) in detail.prefix(max(0, below.rows - 1)).enumerated() {
            let row = below.row + 1 + index
            canvas.put(line.label.padded(right: 8), row, below.column, Style(.faint), width: below.columns)
            canvas.put(line.text, row, below.column + 9, width: max(0, below.columns - 9))
        }
    }

    /// The rows of all lessons: the box keeps its height while somebody types.
    private var tallest: Int { scene.view.lessons.count + Set(scene.view.lessons.map(\.subject)).count }

    private var title: String {
        let text = printable(scene.view.lessonFilter, width: 20)
        if case .catalogue(_, isTyping: true)? = scene.view.overlay { return "lessons with: \(text)_" }
        return text.isEmpty ? "lessons" : "lessons with \"\(text)\""
    }

    private var count: String {
        let all = scene.view.lessons.count
        return lessons.count == all ? "\(all)" : "\(lessons.count) of \(all)"
    }

    private func drawList(_ canvas: inout Canvas, _ rect: Rect, _ cursor: Int) {
        let rows = self.rows
        let chosen = rows.firstIndex { if case .lesson(cursor) = $0 { true } else { false } } ?? 0
        let first = min(max(0, chosen - rect.rows / 2), max(0, rows.count - rect.rows))
        for (index, row) in rows.dropFirst(first).prefix(rect.rows).enumerated() {
            switch row {
            case .subject(let subject):
                canvas.put(subject, rect.row + index, rect.column, Style(.faint), width: rect.columns)
            case .lesson(let number):
                drawLesson(&canvas, lessons[number], rect.row + index, rect, isChosen: number == cursor)
            }
        }
    }

    private func drawLesson(_ canvas: inout Canvas, _ lesson: Lesson, _ row: Int, _ rect: Rect, isChosen: Bool) {
        let style = isChosen ? Style(.normal, [.bold, .reverse]) : .plain
        if isChosen { canvas.fill(Rect(row: row, column: rect.column, rows: 1, columns: rect.columns), " ", style) }
        canvas.put(isChosen ? scene.glyphs.cursor : " ", row, rect.column, style, width: rect.columns)
        let nameWidth = max(8, min(24, rect.columns / 3))
        canvas.put(lesson.name, row, rect.column + 2, style, width: min(nameWidth, max(0, rect.columns - 2)))
        let start = rect.column + 3 + nameWidth
        canvas.put(lesson.summary, row, start, isChosen ? style : Style(.faint), width: max(0, rect.right - start))
    }

    /// The lessons in their order, each subject announced once.
    private var rows: [Row] {
        var rows: [Row] = []
        var subject: String?
        for (index, lesson) in lessons.enumerated() {
            if lesson.subject != subject {
                rows.append(.subject(lesson.subject))
                subject = lesson.subject
            }
            rows.append(.lesson(index))
        }
        return rows
    }

    /// What the broken one must get, and what the mended one.
    private func verdict(_ lesson: Lesson) -> String {
        guard !lesson.expected.isEmpty, lesson.canBeMended, lesson.expectedWhenMended != lesson.expected else {
            return lesson.expected
        }
        return "\(lesson.expected); mended: \(lesson.expectedWhenMended)"
    }

    private func details(_ lesson: Lesson, width: Int) -> [(label: String, text: String)] {
        let parts = [
            ("press", lesson.press), ("watch", lesson.watch), ("why", lesson.why), ("mend", lesson.mend),
            ("verdict", verdict(lesson)),
        ]
        return parts.filter { !$0.1.isEmpty }.flatMap { label, text in
            Paragraph.lines(text, width: width - 9).enumerated().map { ($0 == 0 ? label : "", $1) }
        }
    }
}
