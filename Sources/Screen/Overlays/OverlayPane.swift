internal import ShutdownBoard
internal import ShutdownTrace

/// The overlay over the dashboard: the question before SIGKILL, the explanation, a menu or the help.
struct OverlayPane {
    let scene: Scene
    let size: Size

    func draw(_ canvas: inout Canvas) {
        switch scene.view.overlay {
        case nil, .filterPrompt: break
        case .help(let scroll): HelpOverlay(scene: scene, size: size).draw(&canvas, scroll: scroll)
        case .signals(let cursor): SignalMenu(scene: scene, size: size).draw(&canvas, cursor: cursor)
        case .catalogue(let cursor, _): CatalogueOverlay(scene: scene, size: size).draw(&canvas, cursor: cursor)
        case .lesson(_, let scroll): LessonOverlay(scene.view, size).draw(&canvas, scroll: scroll)
        case .killConfirmation: drawKillConfirmation(&canvas)
        case .startConfirmation(let lesson, let isMended): drawStartConfirmation(&canvas, lesson, isMended)
        case .explanation(let scroll): ExplanationOverlay(scene: scene, size: size).draw(&canvas, scroll: scroll)
        case .request(let id, let scroll): RequestOverlay(id, scene, size).draw(&canvas, scroll: scroll)
        case .payments(let scroll): PaymentsOverlay(scene: scene, size: size).draw(&canvas, scroll: scroll)
        case .differences(let scroll): DifferencesOverlay(scene: scene, size: size).draw(&canvas, scroll: scroll)
        }
    }

    /// An empty box in the middle, above the footer, as big as asked where that fits; returns the inside.
    static func box(
        _ canvas: inout Canvas, _ size: Size, title: String, right: String = "", rows: Int, columns: Int,
        style: Style = .plain
    ) -> Rect {
        let room = Rect(row: 0, column: 0, rows: max(1, size.rows - 1), columns: size.columns)
        let rect = room.centred(rows: rows + 2, columns: columns + 4)
        canvas.fill(rect)
        canvas.targets.add(.overlay, room)
        let inner = canvas.box(rect, title, right: right, style: style, titleStyle: Style(.normal, .bold))
        return inner.inset(rows: 0, columns: 1)
    }

    /// A box for a text of so many rows, which says in its frame what lies above and below; returns its inside and the
    /// rows of the text that are shown.
    static func page(
        _ canvas: inout Canvas, _ size: Size, title: String, right: String = "", rows: Int, columns: Int, scroll: Int
    ) -> (inner: Rect, shown: Range<Int>) {
        let inner = box(&canvas, size, title: title, right: right, rows: rows, columns: columns)
        let page = Scrolling(rows, rows: inner.rows, scroll: scroll)
        page.drawSign(&canvas, inner.bottom, from: inner.column, to: inner.right)
        return (inner, page.shown)
    }

    /// The rows that a text in a box has on a screen of this size.
    static func rows(_ size: Size) -> Int { max(1, size.rows - 3) }

    private func drawKillConfirmation(_ canvas: inout Canvas) {
        let pid = scene.board.process.pid.map { "process \($0)" } ?? "the server"
        let texts = ["SIGKILL cannot be caught: no clean-up step runs, nobody is told goodbye.", cost]
        drawQuestion(&canvas, "send SIGKILL to \(pid)?", texts, yes: "y kill it")
    }

    private func drawStartConfirmation(_ canvas: inout Canvas, _ lesson: String, _ isMended: Bool) {
        let ended = scene.view.transport?.server?.endedByStart ?? "the run"
        let name = isMended ? "\(lesson), mended" : lesson
        drawQuestion(&canvas, "start \(name)?", ["This ends \(ended)."], yes: "y end and start")
    }

    /// A question whose answer is no, unless one letter is pressed.
    private func drawQuestion(_ canvas: inout Canvas, _ title: String, _ texts: [String], yes: String) {
        let lines = texts.flatMap { Paragraph.lines($0, width: min(60, size.columns - 4)) }
        let inner = Self.box(
            &canvas, size, title: title, rows: lines.count + 2, columns: 60, style: Style(.loss))
        // The answer is always shown, the reasons where there is room.
        let answer = max(inner.row, inner.bottom - 1)
        for (index, line) in lines.enumerated() where inner.row + index < answer {
            canvas.put(line, inner.row + index, inner.column, width: inner.columns)
        }
        let end = canvas.put(" Cancel ", answer, inner.column, Style(.normal, [.bold, .reverse]), width: inner.columns)
        canvas.put("   \(yes)", answer, end, width: max(0, inner.right - end))
    }

    /// The work that SIGKILL would cut now.
    private var cost: String {
        let board = scene.board
        let parts = [
            (board.requests.inFlight.count, "request"), (board.websockets.open.count, "WebSocket"),
            (board.jobs.running.count, "job"), (board.ledger.openTransactions.count, "open transaction"),
        ].filter { $0.0 > 0 }.map(counted)
        guard !parts.isEmpty else { return "Nothing is in flight at this moment." }
        // A kill now would charge clients that get no answer.
        let owed = board.ledger.betweenChargeAndAnswer
        return "Cut in the middle: \(parts.joined(separator: ", "))."
            + (owed == 0 ? "" : " \(counted(owed, "payment")) charged and not answered.")
    }

}
