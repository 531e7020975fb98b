internal import ShutdownBoard
internal import ShutdownTrace

/// The payments: rows in the database, answers to clients, and the difference between both.
struct LedgerPane {
    let scene: Scene

    private var ledger: Ledger { scene.board.ledger }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = canvas.box(rect, "ledger")
        let width = inner.columns - 2
        guard ledger.hasPayments else {
            canvas.put("no payments yet", inner.row, inner.column + 1, Style(.faint), width: width)
            return
        }
        guard inner.rows > 1, ledger.audit?.failure == nil else {
            drawCounts(&canvas, inner.row, inner.column + 1, width)
            return
        }
        let charged = "charged \(counts.charged.grouped)   acknowledged \(counts.acknowledged.grouped)"
        canvas.put(charged, inner.row, inner.column + 1, width: width)
        if ledger.audit == nil {
            canvas.put(soFar, inner.row + 1, inner.column + 1, soFarStyle, width: width)
        } else {
            drawCounts(&canvas, inner.row + 1, inner.column + 1, width)
        }
        if inner.rows > 2 { canvas.put(difference, inner.row + 2, inner.column + 1, Style(.faint), width: width) }
    }

    /// As one line without a frame.
    func drawLine(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        drawCounts(&canvas, rect.row, rect.column + 1, rect.columns - 1)
    }

    private func drawCounts(_ canvas: inout Canvas, _ row: Int, _ column: Int, _ width: Int) {
        if ledger.audit?.failure != nil {
            let text = width >= 27 ? "the database cannot be read" : "no database"
            canvas.put(text, row, column, Style(.faint), width: width)
            return
        }
        guard ledger.audit != nil else {
            let known = ledger.seenTwice.isEmpty ? "charged \(counts.charged.grouped)" : soFar
            let both = "\(known), acknowledged \(counts.acknowledged.grouped)"
            canvas.put(both.count <= width ? both : known, row, column, soFarStyle, width: width)
            return
        }
        let gap = width >= 32 ? "   " : " "
        let unknown = width >= 32 ? "in doubt" : "doubt"
        let parts: [(String, Int, Style.Ink)] = [
            ("lost", counts.lost, .loss), ("twice", counts.twice, .loss), (unknown, counts.unknown, .risk),
        ]
        var column = column
        let end = column + max(0, width)
        for (index, part) in parts.enumerated() {
            let text = (index == 0 ? "" : gap) + "\(part.0) \(part.1.grouped)"
            column = canvas.put(text, row, column, part.1 > 0 ? Style(part.2, .bold) : .plain, width: end - column)
        }
    }

    /// After the exit the numbers of the audit, before it those of the events.
    private var counts: (charged: Int, acknowledged: Int, lost: Int, twice: Int, unknown: Int) {
        if let audit = ledger.audit, audit.failure == nil {
            return (audit.charged, audit.acknowledged, audit.lost, audit.twice, audit.ambiguous)
        }
        return (ledger.charged, ledger.acknowledged, 0, ledger.seenTwice.count, ledger.unknown)
    }

    /// What is known before the database is read: what is lost or in doubt is not, and a payment that was seen twice is.
    private var soFar: String {
        ledger.seenTwice.isEmpty ? "lost, in doubt: not known yet" : "twice \(ledger.seenTwice.count.grouped)"
    }

    private var soFarStyle: Style { ledger.seenTwice.isEmpty ? .plain : Style(.loss, .bold) }

    private var difference: String {
        if ledger.audit != nil { return "read from the file after the exit" }
        if scene.board.isLooking, !scene.board.isReplacing { return "reading the database" }
        return "\(ledger.betweenChargeAndAnswer.grouped) between charge and answer"
    }
}
