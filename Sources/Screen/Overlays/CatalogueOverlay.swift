internal import ShutdownBoard
internal import ShutdownTrace

/// The catalogue of lessons: a list by subject, and the text of the chosen one.
struct CatalogueOverlay {
    let scene: Scene
    let size: Size

    private var lessons: [Lesson] { scene.view.shownLessons }

    private enum Row {
        case subject(Lesson.Subject)
        case lesson(Int)
    }

    func draw(_ canvas: inout Canvas, cursor: Int) {
        let inner = OverlayPane.box(
            &canvas, size, title: title, right: count,
            rows: max(min(8, size.rows - 3), min(size.rows - (size.rows < 30 ? 3 : 6), tallest + 14)),
            columns: 100)
        guard lessons.indices.contains(cursor) else {
            canvas.put("no lesson has this text", inner.row, inner.column, Style(.faint), width: inner.columns)
            return
        }
        let detail = LessonDetails(lessons[cursor], width: inner.columns)
        let least = min(rows.count, Self.leastList)
        let detailRows = inner.rows >= 10 ? min(detail.lines.count, inner.rows - 1 - least) : 0
        let (list, below) = inner.splitTop(min(rows.count, inner.rows - detailRows - (detailRows > 0 ? 1 : 0)))
        drawList(&canvas, list, cursor)
        let place = Rect(row: below.row + 1, column: below.column, rows: detailRows, columns: below.columns)
        detail.draw(&canvas, place)
    }

    /// Rows that the list keeps beside a long lesson.
    private static let leastList = 4

    /// The rows of all lessons, so that the box keeps its height while a filter is typed.
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
                canvas.put(subject.rawValue, rect.row + index, rect.column, Style(.faint), width: rect.columns)
            case .lesson(let number):
                drawLesson(&canvas, lessons[number], rect.row + index, rect, isChosen: number == cursor)
                let place = Rect(row: rect.row + index, column: rect.column, rows: 1, columns: rect.columns)
                canvas.targets.add(.row(number), place)
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
        var subject: Lesson.Subject?
        for (index, lesson) in lessons.enumerated() {
            if lesson.subject != subject {
                rows.append(.subject(lesson.subject))
                subject = lesson.subject
            }
            rows.append(.lesson(index))
        }
        return rows
    }
}

/// The text of a lesson, in lines with their labels.
struct LessonDetails {
    let lines: [(label: String, text: String)]

    init(_ lesson: Lesson, width: Int) {
        let isNarrow = width < 48
        let parts = [
            ("press", lesson.press), ("watch", lesson.watch), ("why", lesson.why), ("mend", lesson.mend),
            ("verdict", Self.verdicts(lesson)),
        ]
        lines = parts.filter { !$0.1.isEmpty }.flatMap { label, text in
            let lines = Paragraph.lines(text, width: max(1, width - (isNarrow ? 0 : 9))).enumerated().map {
                ($0 == 0 && !isNarrow ? label : "", $1)
            }
            return (isNarrow ? [(label, "")] : []) + lines
        }
        indent = isNarrow ? 0 : 9
    }

    private let indent: Int

    /// "DROPPED or WRONG-ORDER; mended: GRACEFUL".
    private static func verdicts(_ lesson: Lesson) -> String {
        lesson.verdicts.enumerated().map { index, verdict in
            let words = verdict.words.map(\.rawValue).joined(separator: " or ")
            return index == 0 ? words : "\(verdict.condition): \(words)"
        }.joined(separator: "; ")
    }

    /// The lines that fit; where some do not, the last line says so.
    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        let shown = lines.prefix(max(0, rect.rows))
        for (index, line) in shown.enumerated() { put(line, &canvas, rect.row + index, rect) }
        guard shown.count < lines.count, rect.rows > 1 else { return }
        canvas.putRight("… e reads on ", rect.bottom - 1, from: rect.column, to: rect.right, Style(.normal, .bold))
    }

    func put(_ line: (label: String, text: String), _ canvas: inout Canvas, _ row: Int, _ rect: Rect) {
        canvas.put(line.label, row, rect.column, Style(.faint), width: rect.columns)
        canvas.put(line.text, row, rect.column + indent, width: max(0, rect.columns - indent))
    }
}

/// One lesson of the catalogue with its whole text.
struct LessonOverlay {
    private let lesson: Lesson?
    private let size: Size
    private let details: LessonDetails?

    init(_ view: View, _ size: Size) {
        lesson = view.chosenLesson
        self.size = size
        details = lesson.map { LessonDetails($0, width: max(1, min(100, size.columns - 4))) }
    }

    static func lastScroll(_ view: View, _ size: Size) -> Int {
        Scrolling.last(Self(view, size).details?.lines.count ?? 0, rows: OverlayPane.rows(size))
    }

    func draw(_ canvas: inout Canvas, scroll: Int) {
        guard let lesson, let details else { return }
        let (inner, shown) = OverlayPane.page(
            &canvas, size, title: lesson.name, right: lesson.subject.rawValue, rows: details.lines.count, columns: 100,
            scroll: scroll)
        for (index, line) in details.lines[shown].enumerated() {
            details.put(line, &canvas, inner.row + index, inner)
        }
    }
}
