internal import ShutdownBoard
internal import ShutdownTrace

/// The whole verdict in blocks of rows, as long as it is, for a card of some width.
struct VerdictSheet {
    let scene: Scene
    let verdict: Verdict
    let columns: Int

    /// Some rows that belong together.
    struct Block {
        var rows: Int
        var draw: (inout Canvas, Int) -> Void
    }

    /// The blocks with the most air between them with which all fit into so many rows.
    ///
    /// Where they do not fit at all, a person scrolls: what was lost and what failed come first.
    func picture(rows: Int) -> Frame {
        let sections = scene.board.neverServed ? deathSections(rows) : sections
        for air in Air.allCases {
            if let picture = picture(sections, air), picture.size.rows <= rows { return picture }
        }
        return picture(scene.board.neverServed ? sections : worstFirst, .none) ?? Frame(size: Size(columns: 0, rows: 0))
    }

    /// Blank rows: at the top and below the head too, between sections, or nowhere.
    private enum Air: CaseIterable { case all, between, none }

    private func picture(_ sections: [[Block]], _ air: Air) -> Frame? {
        let shown = sections.filter { !$0.isEmpty }
        let gap = air == .none ? 0 : 1
        let first = air == .all ? 1 : 0
        let heights = shown.map { $0.reduce(0) { $0 + $1.rows } }
        let rows = first + heights.reduce(0, +) + gap * max(0, shown.count - 1) - (air == .between ? 1 : 0)
        var canvas = Canvas(size: Size(columns: columns, rows: max(0, rows)), glyphs: scene.glyphs)
        var row = first
        for (index, section) in shown.enumerated() {
            for block in section {
                block.draw(&canvas, row)
                row += block.rows
            }
            // Without much room the evidence follows its head at once.
            row += index == 0 && air == .between ? 0 : gap
        }
        return canvas.frame
    }

    private var sections: [[Block]] {
        [head, evidence { _ in true }, table, rules { _ in true }, remark, mending, lastLines]
    }

    private var worstFirst: [[Block]] {
        [
            head, evidence(where: \.isWorst), rules { $0.held == false }, remark, mending,
            evidence { $0.isLoss && !$0.isWorst }, lastLines, evidence { !$0.isLoss && !$0.isWorst }, table,
            rules { $0.held != false },
        ]
    }

    /// A server that never answered: its exit and its last lines.
    private func deathSections(_ rows: Int) -> [[Block]] {
        let signal = scene.signal
        let word = signal == nil ? "DIED AT START" : verdict.word.rawValue
        let what = signal == nil ? scene.board.process.exit?.status.words ?? "gone" : verdict.headline
        // A person asked the server to stop: that is the cause of its exit, and its lines are not.
        return [head(word, Style(.loss, .bold), what), signal == nil ? [] : remark, deathLines(max(12, rows - 6))]
    }

    private var head: [Block] {
        head(verdict.word.rawValue, Style(verdict.word.isGraceful ? .good : .loss, .bold), verdict.headline)
    }

    /// The word and the headline, in one row where both have room.
    private func head(_ word: String, _ style: Style, _ headline: String) -> [Block] {
        let start = 1 + printableWidth(word) + 3
        if start + printableWidth(headline) < columns {
            return [
                Block(rows: 1) { canvas, row in
                    canvas.put(word, row, 1, style)
                    canvas.put(headline, row, start)
                }
            ]
        }
        return text(word, style) + text(headline)
    }

    /// Lines that are as wide as the card.
    private func text(_ text: String, _ style: Style = .plain, indent: Int = 0) -> [Block] {
        Paragraph.lines(text, width: columns - 2 - indent, breakingWords: true).map { line in
            Block(rows: 1) { canvas, row in canvas.put(line, row, 1 + indent, style) }
        }
    }

    private var remark: [Block] { text(scene.remark(on: verdict)) }

    /// How to mend the worst rule that did not hold.
    private var mending: [Block] {
        guard !scene.board.isOfDemo, let advice = verdict.mending.first?.advice else { return [] }
        return text("To mend: \(advice)")
    }

    private var labelWidth: Int { min(23, columns / 3) }
    private var textWidth: Int { max(1, columns - labelWidth - 3) }

    private func evidence(where isShown: (Verdict.Evidence) -> Bool) -> [Block] {
        verdict.evidence.filter(isShown).map { evidence in
            let labels = Paragraph.lines(evidence.label, width: labelWidth, breakingWords: true)
            let lines = Paragraph.lines(evidence.text, width: textWidth, breakingWords: true)
            let (start, style) = (2 + labelWidth, evidence.isLoss ? Style(.loss) : Style.plain)
            return Block(rows: max(labels.count, lines.count)) { canvas, row in
                for (index, label) in labels.enumerated() { canvas.put(label, row + index, 1, Style(.faint)) }
                for (index, line) in lines.enumerated() { canvas.put(line, row + index, start, style) }
            }
        }
    }

    /// The payment table, only where a payment is in a bad cell.
    private var table: [Block] {
        let table = PaymentsTable(scene: scene)
        guard table.isBad, textWidth >= PaymentsTable.width else { return [] }
        let (start, width) = (2 + labelWidth, textWidth)
        return [
            Block(rows: table.rows) { canvas, row in
                canvas.put("payments", row, 1, Style(.faint))
                table.draw(&canvas, Rect(row: row, column: start, rows: table.rows, columns: width))
            }
        ]
    }

    private func rules(where isShown: (Verdict.Rule) -> Bool) -> [Block] {
        verdict.rules.filter(isShown).map { columns >= 80 ? wide($0) : narrow($0) }
    }

    /// A rule with its evidence beside it.
    private func wide(_ rule: Verdict.Rule) -> Block {
        let (mark, style) = look(rule)
        let start = 2 + scene.glyphs.markWidth
        let width = columns >= 100 ? 56 : 52
        let sentence = Paragraph.lines(rule.name.sentence, width: width, breakingWords: true)
        let evidence = Paragraph.lines(rule.evidence, width: columns - start - width - 2, breakingWords: true)
        return Block(rows: max(sentence.count, evidence.count)) { canvas, row in
            canvas.put(mark, row, 1, style)
            for (index, line) in sentence.enumerated() { canvas.put(line, row + index, start, style) }
            for (index, line) in evidence.enumerated() {
                canvas.put(line, row + index, start + width + 1, rule.held == false ? .plain : Style(.faint))
            }
        }
    }

    /// A rule with its evidence behind or below it, unless it held.
    private func narrow(_ rule: Verdict.Rule) -> Block {
        let (mark, style) = look(rule)
        let start = 2 + scene.glyphs.markWidth
        let length = printableWidth(rule.name.sentence)
        if rule.held != true, start + length + 2 + printableWidth(rule.evidence) < columns {
            return Block(rows: 1) { canvas, row in
                canvas.put(mark, row, 1, style)
                canvas.put(rule.name.sentence, row, start, style)
                canvas.put(rule.evidence, row, start + length + 2)
            }
        }
        let sentence = Paragraph.lines(rule.name.sentence, width: columns - start - 1, breakingWords: true)
        let evidence =
            rule.held == true ? [] : Paragraph.lines(rule.evidence, width: columns - start - 3, breakingWords: true)
        return Block(rows: sentence.count + evidence.count) { canvas, row in
            canvas.put(mark, row, 1, style)
            for (index, line) in sentence.enumerated() { canvas.put(line, row + index, start, style) }
            for (index, line) in evidence.enumerated() {
                canvas.put(line, row + sentence.count + index, start + 2)
            }
        }
    }

    private func look(_ rule: Verdict.Rule) -> (mark: String, style: Style) {
        switch rule.held {
        case true: (scene.glyphs.good, Style(.good))
        case false: (scene.glyphs.failed, Style(.loss))
        case nil: ("?", Style(.faint))
        }
    }

    /// The server's last lines besides its trace.
    private var lastLines: [Block] { labelled(scene.board.process.printed.last) }

    private func deathLines(_ most: Int) -> [Block] {
        let told = scene.board.feed.lines.suffix(most).map(\.text)
        let trouble = scene.board.process.printed.trouble.filter { !told.contains($0) }
        return labelled(trouble + told)
    }

    private func labelled(_ lines: [String]) -> [Block] {
        guard !lines.isEmpty else { return [] }
        return text(lines.count == 1 ? "its last line:" : "its last lines:", Style(.faint))
            + lines.flatMap { text($0, indent: 2) }
    }
}
