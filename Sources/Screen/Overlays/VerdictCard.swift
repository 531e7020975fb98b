internal import ShutdownBoard
internal import ShutdownTrace

/// The verdict on the screen: as much of its sheet as there is room for, from where a person has scrolled to.
struct VerdictCard {
    let scene: Scene
    private let rect: Rect
    /// The place of the text: within a frame where there is room for one.
    private let inner: Rect
    private let sheet: Frame
    private let rows: Int

    init(_ verdict: Verdict, _ scene: Scene, in rect: Rect) {
        self.scene = scene
        self.rect = rect
        inner = rect.rows >= 8 && rect.columns >= 40 ? rect.inset() : rect
        sheet = VerdictSheet(scene: scene, verdict: verdict, columns: inner.columns).picture(rows: inner.rows)
        // Without a frame the last row says what is hidden.
        rows = inner == rect && sheet.size.rows > inner.rows && inner.rows > 1 ? inner.rows - 1 : inner.rows
    }

    /// The scroll that shows the last page; 0 where all of it fits.
    var lastTop: Int { Scrolling.last(sheet.size.rows, rows: rows) }

    func draw(_ canvas: inout Canvas) {
        if inner != rect { canvas.box(rect, title, right: right, rightStyle: .plain) }
        canvas.targets.add(.verdict, rect)
        let page = Scrolling(sheet.size.rows, rows: rows, scroll: scene.view.verdictTop)
        canvas.put(sheet, inner.row, inner.column, rows: page.shown)
        guard inner != rect || rows < inner.rows else { return }
        page.drawSign(&canvas, rect.bottom - 1, from: rect.column + 2, to: rect.right - 2)
    }

    private var title: String { scene.board.neverServed ? "the server died at start" : "verdict" }

    private var right: String { scene.board.isLooking ? "the trace ends before everything was looked at" : "" }
}

extension Situation {
    /// The verdict where it takes the place of the panes.
    private func verdictCard(_ view: View) -> VerdictCard? {
        let scene = Scene(board, view, now, Capabilities())
        guard scene.showsVerdict, let verdict = scene.verdict, size.columns >= Painter.smallest.columns,
            size.rows >= Painter.smallest.rows
        else { return nil }
        return VerdictCard(verdict, scene, in: view.layout(self).body)
    }

    /// Whether the verdict is longer than its place.
    func canScrollVerdict(_ view: View) -> Bool { !showsEvents(view) && verdictCard(view)?.lastTop ?? 0 > 0 }

    /// The first row of the verdict after this key.
    func verdictTop(_ view: View, after key: Key) -> Int {
        let last = verdictCard(view)?.lastTop ?? 0
        let page = max(1, size.rows - 8)
        let top = min(max(0, view.verdictTop), last)
        let wanted =
            switch key {
            case .up: top - 1
            case .down: top + 1
            case .pageUp: top - page
            case .pageDown: top + page
            case .home: 0
            case .end: last
            default: top
            }
        return min(max(0, wanted), last)
    }
}
