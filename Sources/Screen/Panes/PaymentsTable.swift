internal import ShutdownBoard
internal import ShutdownTrace

/// The payment truth table: what clients believe against the rows in the ledger, with a count in each cell.
struct PaymentsTable {
    let scene: Scene

    private var ledger: Ledger { scene.board.ledger }

    /// Its columns: the belief, and three cells.
    static let width = 58

    /// The beliefs that some client has; "paid" always.
    private var beliefs: [PaymentBelief] {
        PaymentBelief.allCases.filter { belief in
            belief == .paid || (0...2).contains { ledger.matrix[belief, $0] > 0 }
        }
    }

    var rows: Int { beliefs.count + 1 }

    /// Whether any payment is in a bad cell.
    var isBad: Bool {
        PaymentBelief.allCases.contains { belief in
            (0...2).contains { PaymentFlaw(belief, rows: $0) != nil && ledger.matrix[belief, $0] > 0 }
        }
    }

    /// A head and a row for each belief.
    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let isWide = rect.columns >= Self.width
        let first = isWide ? 17 : 9
        let width = isWide ? 14 : max(4, (rect.columns - first) / 3)
        let heads = isWide ? ["0 rows", "1 row", "2 or more rows"] : ["0", "1", "2+"]
        canvas.put(isWide ? "client was told" : "client", rect.row, rect.column, Style(.faint), width: first)
        for (index, head) in heads.enumerated() {
            canvas.put(
                head, rect.row, rect.column + first + index * width, Style(.faint),
                width: min(width + 1, rect.right - rect.column - first - index * width))
        }
        for (line, belief) in beliefs.enumerated() where line + 1 < rect.rows {
            let row = rect.row + line + 1
            canvas.put(belief.words, row, rect.column, width: min(first, rect.columns))
            for rows in 0...2 { drawCell(&canvas, belief, rows, row, rect.column + first + rows * width, rect, width) }
        }
    }

    private func drawCell(
        _ canvas: inout Canvas, _ belief: PaymentBelief, _ rows: Int, _ row: Int, _ column: Int, _ rect: Rect,
        _ width: Int
    ) {
        let flaw = PaymentFlaw(belief, rows: rows)
        let count = ledger.matrix[belief, rows]
        let room = min(width - 1, rect.right - column)
        guard count > 0 else {
            canvas.put("0", row, column, Style(.faint), width: room)
            return
        }
        // While the run goes on, a missing row may still come.
        let isEarly = flaw == .lost && !ledger.isMatrixAudited && (scene.phase != .gone || scene.board.isReplacing)
        let word = flaw.map { isEarly ? " not yet" : " \($0.words)" } ?? ""
        let style: Style = flaw == nil ? .plain : isEarly ? Style(.risk) : Style(.loss, .bold)
        canvas.put("\(count.grouped)\(word)", row, column, style, width: room)
    }
}

/// The payments over the dashboard: the matrix, where it comes from, and the payments that fell into a bad cell.
struct PaymentsOverlay {
    let scene: Scene
    let size: Size

    private var ledger: Ledger { scene.board.ledger }

    private var table: PaymentsTable { PaymentsTable(scene: scene) }

    func draw(_ canvas: inout Canvas, scroll: Int) {
        let width = min(70, size.columns - 4)
        guard ledger.audit?.failure == nil || ledger.matrix.total > 0 else { return drawNothing(&canvas, width) }
        let source = Paragraph.lines(source, width: width)
        let list = list(width)
        let inner = OverlayPane.box(
            &canvas, size, title: "payments", right: list.isEmpty ? "" : "\(ledger.findings.count.grouped) to look at",
            rows: table.rows + 1 + source.count + (list.isEmpty ? 0 : min(12, list.count) + 1), columns: 70)
        let (top, rest) = inner.splitTop(table.rows)
        table.draw(&canvas, top)
        var row = rest.row + (rest.rows > source.count ? 1 : 0)
        let listRows = max(min(1, rest.bottom - row), rest.bottom - row - (list.isEmpty ? 0 : source.count + 1))
        if !list.isEmpty {
            let page = Scrolling(list.count, rows: listRows, scroll: scroll)
            for line in list[page.shown] {
                canvas.put(line, row, inner.column, Style(.loss), width: inner.columns)
                row += 1
            }
            page.drawSign(&canvas, inner.bottom, from: inner.column, to: inner.right)
            row += 1
        }
        for line in source where row < inner.bottom {
            canvas.put(line, row, inner.column, Style(.faint), width: inner.columns)
            row += 1
        }
    }

    /// The scroll that shows the last payments.
    var lastScroll: Int {
        let width = min(70, size.columns - 4)
        let (list, source) = (list(width), Paragraph.lines(source, width: width))
        guard !list.isEmpty else { return 0 }
        let rows = min(OverlayPane.rows(size), table.rows + 1 + source.count + min(12, list.count) + 1)
        let rest = rows - min(rows, table.rows)
        return Scrolling.last(list.count, rows: max(1, rest - (rest > source.count ? 1 : 0) - source.count - 1))
    }

    /// No table of zeros where there is nothing to count.
    private func drawNothing(_ canvas: inout Canvas, _ width: Int) {
        let lines = Paragraph.lines("No client has paid anything yet. \(source)", width: width)
        let inner = OverlayPane.box(&canvas, size, title: "payments", rows: lines.count, columns: 70)
        for (index, line) in lines.enumerated() {
            canvas.put(line, inner.row + index, inner.column, width: inner.columns)
        }
    }

    private func list(_ width: Int) -> [String] {
        ledger.findings.map { finding in
            let request = finding.request.map { " (request \($0))" } ?? ""
            let rows = counted(finding.rows, "row")
            let word = finding.cell?.words ?? ""
            let belief = finding.told.words
            return width >= 60
                ? "order \(finding.order)\(request)   client: \(belief), ledger: \(rows): \(word)"
                : "\(finding.order) \(belief), \(rows): \(word)"
        }
    }

    private var source: String {
        if let failure = ledger.audit?.failure { return "The database could not be read: \(failure)." }
        if ledger.isMatrixAudited {
            return "Read from the database file after the exit, beside what every client was told."
        }
        if ledger.audit != nil {
            return "As the server's events and the clients tell it: this recording has no count of each cell."
        }
        return "As the server's own events and the clients tell it so far; after the exit the database file is read."
    }
}
