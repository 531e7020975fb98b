internal import DequeModule
internal import ShutdownBoard
internal import ShutdownTrace

/// The verdict: the word and the exit, the evidence, the rules, and the lesson.
struct VerdictCard {
    let scene: Scene
    let verdict: Verdict

    private struct Line {
        var label: String
        var text: String
        var isLoss: Bool
    }

    private var glyphs: Glyphs { scene.glyphs }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        if scene.board.neverServed { return drawDiedAtStart(&canvas, rect) }
        let hasBox = rect.rows >= 8 && rect.columns >= 40
        let right = scene.board.isLooking ? "the trace ends before everything was looked at" : ""
        let inner = hasBox ? canvas.box(rect, "verdict", right: right, rightStyle: .plain) : rect
        var row = inner.row + (inner.rows >= 22 ? 1 : 0)
        let word = verdict.word.rawValue
        let left = inner.column + 1
        let column = canvas.put(word, row, left, wordStyle, width: inner.columns - 1)
        if canvas.columns(verdict.headline) + 4 > inner.right - column, inner.rows >= 8 {
            row += 1
            canvas.put(verdict.headline, row, left, width: inner.columns - 2)
        } else {
            canvas.put("   \(verdict.headline)", row, column, width: inner.right - 1 - column)
        }
        row += inner.rows >= 22 ? 2 : 1
        let lesson = Paragraph.lines(scene.remark(on: verdict), width: inner.columns - 2)
        let room = inner.bottom - row
        let evidence = evidenceLines(textWidth(inner)).count
        let table = tableRows(inner, room: room - evidence - lesson.count)
        let words = room >= Self.leastForWords ? min(2, lastLines.count) : 0
        let layout = Shares(
            room: room - table - words, evidence: evidence, rules: verdict.rules, lesson: lesson.count)
        row = drawEvidence(&canvas, layout, inner, row)
        drawTable(&canvas, inner, row, rows: table)
        row += table + layout.gap
        row = drawRules(&canvas, layout, inner, row) + layout.gap
        for line in lesson.prefix(max(0, min(layout.lesson, inner.bottom - row))) {
            canvas.put(line, row, left, width: inner.columns - 2)
            row += 1
        }
        row = drawMending(&canvas, inner, row, gap: layout.gap)
        drawLastLines(&canvas, inner, row, gap: layout.gap)
    }

    /// How to mend the worst rule that did not hold, where all of it has room above the last lines.
    private func drawMending(_ canvas: inout Canvas, _ inner: Rect, _ start: Int, gap: Int) -> Int {
        guard !scene.board.isOfDemo, let advice = verdict.mending.first?.advice else { return start }
        let lines = Paragraph.lines("To mend: \(advice)", width: inner.columns - 2)
        let words = lastLines.isEmpty ? 0 : gap + min(4, lastLines.count + 1)
        guard inner.bottom - start >= gap + lines.count + words else { return start }
        for (index, line) in lines.enumerated() {
            canvas.put(line, start + gap + index, inner.column + 1, width: inner.columns - 2)
        }
        return start + gap + lines.count
    }

    /// On a card of so many rows, two are kept for the server's last lines.
    private static let leastForWords = 12

    /// The server's last lines besides its trace.
    private var lastLines: [String] { scene.board.process.printed.last }

    /// All lines where there is room, else the last ones.
    private func drawLastLines(_ canvas: inout Canvas, _ inner: Rect, _ end: Int, gap: Int) {
        let start = end + gap
        let rows = inner.bottom - start
        guard rows >= min(4, lastLines.count + 1) else { return drawFewLines(&canvas, inner, end) }
        let lines = lastLines.suffix(rows - 1)
        guard !lines.isEmpty else { return }
        canvas.put("its last lines:", start, inner.column + 1, Style(.faint), width: inner.columns - 2)
        for (index, line) in lines.enumerated() {
            canvas.put(line, start + 1 + index, inner.column + 3, width: inner.columns - 4)
        }
    }

    /// At the bottom, in the columns of the evidence.
    private func drawFewLines(_ canvas: inout Canvas, _ inner: Rect, _ start: Int) {
        let lines = lastLines.suffix(max(0, min(2, inner.bottom - start)))
        for (index, line) in lines.enumerated() {
            let row = inner.bottom - lines.count + index
            let label = index > 0 ? "" : lines.count == 1 ? "its last line" : "its last lines"
            canvas.put(label, row, inner.column + 1, Style(.faint), width: labelWidth(inner))
            canvas.put(line, row, inner.column + 2 + labelWidth(inner), width: textWidth(inner))
        }
    }

    /// The payment table is shown only where a payment is in a bad cell and there is room left.
    private func tableRows(_ inner: Rect, room: Int) -> Int {
        let table = PaymentsTable(scene: scene)
        let failed = verdict.rules.count { $0.held == false }
        guard table.isBad, textWidth(inner) >= PaymentsTable.width, room - failed - 3 >= table.rows else { return 0 }
        return table.rows
    }

    private func drawTable(_ canvas: inout Canvas, _ inner: Rect, _ row: Int, rows: Int) {
        guard rows > 0 else { return }
        canvas.put("payments", row, inner.column + 1, Style(.faint), width: labelWidth(inner))
        let place = Rect(row: row, column: inner.column + 2 + labelWidth(inner), rows: rows, columns: textWidth(inner))
        PaymentsTable(scene: scene).draw(&canvas, place)
    }

    private var wordStyle: Style { Style(verdict.word.isGraceful ? .good : .loss, .bold) }

    /// The evidence in lines; a long one goes on below.
    private func evidenceLines(_ width: Int) -> [Line] {
        verdict.evidence.flatMap { evidence in
            Paragraph.lines(evidence.text, width: width).enumerated().map { index, text in
                Line(label: index == 0 ? evidence.label : "", text: text, isLoss: evidence.isLoss)
            }
        }
    }

    private func labelWidth(_ inner: Rect) -> Int { min(23, inner.columns / 3) }

    private func textWidth(_ inner: Rect) -> Int { max(1, inner.columns - labelWidth(inner) - 3) }

    private func drawEvidence(_ canvas: inout Canvas, _ layout: Shares, _ inner: Rect, _ start: Int) -> Int {
        var lines = evidenceLines(textWidth(inner))
        if lines.count > layout.evidence {
            // Where not all fits: payments and running processes first, then losses.
            func rank(_ evidence: Verdict.Evidence) -> Int { evidence.isWorst ? 0 : evidence.isLoss ? 1 : 2 }
            let order = (0...2).flatMap { wanted in verdict.evidence.filter { rank($0) == wanted } }
            lines = order.prefix(layout.evidence).map { evidence in
                let texts = Paragraph.lines(evidence.text, width: max(1, textWidth(inner) - 2))
                let text = (texts.first ?? "") + (texts.count > 1 ? " …" : "")
                return Line(label: evidence.label, text: text, isLoss: evidence.isLoss)
            }
        }
        for (index, line) in lines.enumerated() {
            canvas.put(line.label, start + index, inner.column + 1, Style(.faint), width: labelWidth(inner))
            let column = inner.column + 2 + labelWidth(inner)
            canvas.put(line.text, start + index, column, line.isLoss ? Style(.loss) : .plain, width: textWidth(inner))
        }
        return start + lines.count
    }

    private func drawRules(_ canvas: inout Canvas, _ layout: Shares, _ inner: Rect, _ start: Int) -> Int {
        var row = start
        let sentenceWidth =
            inner.columns >= 100 ? 56 : inner.columns >= 80 ? 52 : max(0, inner.columns - glyphs.markWidth - 3)
        for rule in layout.rules {
            let (mark, style) = look(rule)
            let column = canvas.put("\(mark) ", row, inner.column + 1, style)
            canvas.put(rule.name.sentence, row, column, style, width: sentenceWidth)
            if inner.columns >= 80 {
                let evidence = column + sentenceWidth + 1
                canvas.put(rule.evidence, row, evidence, Style(.faint), width: max(0, inner.right - 1 - evidence))
            }
            row += 1
        }
        if let first = layout.rest.first, let last = layout.rest.last {
            let text = canvas.columns(first) <= inner.columns - 2 ? first : last
            canvas.put(text, row, inner.column + 1, Style(.faint), width: inner.columns - 2)
            row += 1
        }
        return row
    }

    private func look(_ rule: Verdict.Rule) -> (mark: String, style: Style) {
        switch rule.held {
        case true: (glyphs.good, Style(.good))
        case false: (glyphs.failed, Style(.loss))
        case nil: (glyphs.inUse, Style(.faint))
        }
    }

    /// How the rows are shared: rules that failed come before everything else.
    struct Shares {
        var evidence: Int
        var rules: [Verdict.Rule]
        /// The line about the rules that have no row, with why some are unknown and without; empty where each has one.
        var rest: [String] = []
        var lesson: Int
        var gap: Int

        init(room: Int, evidence wanted: Int, rules all: [Verdict.Rule], lesson lines: Int) {
            let failed = all.filter { $0.held == false }
            let room = max(0, room)
            gap = room >= 18 ? 1 : 0
            lesson = room >= 8 ? lines : 0
            let shared = max(0, room - lesson - 2 * gap)
            let least = min(failed.count, shared)
            evidence = min(wanted, max(0, shared - least - (shared > 3 ? 1 : 0)))
            let rows = max(0, shared - evidence)
            let isComplete = all.count <= rows
            let count = isComplete ? rows : max(0, rows - 1)
            let ranked = failed + all.filter { $0.held == true } + all.filter { $0.held == nil }
            let chosen = Set(ranked.prefix(count).map(\.name))
            rules = all.filter { chosen.contains($0.name) }
            guard !isComplete, rows > 0 else { return }
            rest = Self.words(Array(ranked.dropFirst(count)), isFirst: rules.isEmpty)
        }

        /// "rules: 3 more held, 2 unknown (no balancer watched)", and the same without the cause.
        private static func words(_ hidden: [Verdict.Rule], isFirst: Bool) -> [String] {
            let more = isFirst ? "" : " more"
            let failed = hidden.count { $0.held == false }
            let held = hidden.count { $0.held == true }
            let unknown = hidden.filter { $0.held == nil }
            let parts = [
                failed > 0 ? "\(failed)\(more) failed" : nil, held > 0 ? "\(held)\(more) held" : nil,
                unknown.isEmpty ? nil : "\(unknown.count) unknown",
            ].compactMap { $0 }
            guard !parts.isEmpty else { return [] }
            let text = "rules: " + parts.joined(separator: ", ")
            var causes: [String] = []
            for rule in unknown where !causes.contains(rule.evidence) { causes.append(rule.evidence) }
            return causes.isEmpty ? [text] : ["\(text) (\(causes.joined(separator: "; ")))", text]
        }
    }

    /// A server that never answered: its exit and its last lines.
    private func drawDiedAtStart(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = rect.rows >= 4 ? canvas.box(rect, "the server died at start") : rect
        let status = scene.board.process.exit?.status.words ?? "gone"
        let word = scene.signal == nil ? "DIED AT START" : verdict.word.rawValue
        let head = canvas.put(word, inner.row, inner.column + 1, Style(.loss, .bold), width: inner.columns - 1)
        let what = scene.signal == nil ? status : verdict.headline
        canvas.put("   \(what)", inner.row, head, width: max(0, inner.right - head))
        var row = inner.row + 2
        // A person asked the server to stop: that is the cause of its exit, and its lines are not.
        if scene.signal != nil {
            for line in Paragraph.lines(scene.remark(on: verdict), width: inner.columns - 2) where row < inner.bottom {
                canvas.put(line, row, inner.column + 1, width: inner.columns - 2)
                row += 1
            }
            row += 1
        }
        guard inner.bottom - row > 1 else { return }
        canvas.put("its last lines:", row, inner.column + 1, Style(.faint), width: inner.columns - 2)
        let room = inner.bottom - row - 1
        let told = scene.board.feed.lines.suffix(room).map(\.text)
        let trouble = scene.board.process.printed.trouble.filter { !told.contains($0) }.suffix(room / 2)
        let lines = trouble + told.suffix(room - trouble.count)
        for (index, line) in lines.enumerated() {
            canvas.put(line, row + 1 + index, inner.column + 3, width: inner.columns - 4)
        }
    }
}
