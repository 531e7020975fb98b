package import ShutdownBoard
package import ShutdownTrace

/// Two runs in one picture, at the same moment: a board for each, and below both one timeline and one row of keys.
extension Painter {
    /// One of the two runs.
    package struct Part: Sendable {
        /// Its name, such as its file.
        package var name: String
        package var board: Board
        /// The moment on its own clock.
        package var now: Time
        /// Whether its trace ends with what the board knows.
        package var isLast: Bool

        package init(name: String, board: Board, now: Time, isLast: Bool = false) {
            self.name = name
            self.board = board
            self.now = now
            self.isLast = isLast
        }
    }

    /// One picture of two runs: side by side where each has room for panes, else one above the other.
    ///
    /// - Parameters:
    ///   - left: One run.
    ///   - right: The other.
    ///   - view: The person's choices, with the comparison of the two.
    ///   - size: The extent of the screen; any, down to nothing at all.
    ///   - capabilities: What the terminal can show.
    /// - Returns: A frame of exactly that size.
    package static func frame(
        left: Part, right: Part, view: View, size: Size, capabilities: Capabilities = Capabilities()
    ) -> Frame {
        let scene = Scene(left.board, view, left.now, capabilities)
        var canvas = Canvas(size: size, glyphs: scene.glyphs)
        let (body, below) = Rect(size).splitTop(max(2, size.rows - 2))
        let places = places(in: body)
        if places.left.row == places.right.row {
            let between = Rect(row: 0, column: places.left.right, rows: body.rows, columns: 1)
            canvas.fill(between, capabilities.isUTF8 ? "│" : "|", Style(.faint))
        }
        draw(left, &canvas, places.left, capabilities)
        draw(right, &canvas, places.right, capabilities)
        let (timeline, footer) = below.splitTop(below.rows - 1)
        if let transport = view.transport { TimelineBar(scene: scene, transport: transport).draw(&canvas, timeline) }
        FooterPane(scene: scene, size: size).draw(&canvas, footer)
        OverlayPane(scene: scene, size: size).draw(&canvas)
        return canvas.frame
    }

    /// The least width of a board with panes.
    private static let paneColumns = 48

    private static func places(in body: Rect) -> (left: Rect, right: Rect) {
        let half = (body.columns - 1) / 2
        let isStacked = half < paneColumns && (body.rows / 2 > smallest.rows || half < smallest.columns)
        guard !isStacked else {
            let (top, rest) = body.splitTop(body.rows / 2)
            return (top, rest)
        }
        let (left, right) = body.splitRight(half)
        return (Rect(row: left.row, column: left.column, rows: left.rows, columns: half), right)
    }

    /// A line with the name, and the board below it; where there is no room for one, its phase.
    private static func draw(_ part: Part, _ canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        let (caption, rest) = rect.splitTop(1)
        guard !caption.isEmpty else { return }
        var view = View(isLastPicture: part.isLast)
        view.isPart = true
        let size = Size(columns: rest.columns, rows: rest.rows)
        guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
            let scene = Scene(part.board, view, part.now, capabilities)
            let end = canvas.put(
                scene.phase.word, caption.row, caption.column, scene.phaseStyle, width: caption.columns)
            canvas.put(
                "  \(part.name)", caption.row, end, Style(.faint), width: max(0, caption.right - end))
            return
        }
        let line: Unicode.Scalar = capabilities.isUTF8 ? "─" : "-"
        canvas.fill(caption, line, Style(.faint))
        canvas.put(
            " \(part.name) ", caption.row, caption.column + 2, Style(.normal, .bold), width: caption.columns - 3)
        let picture = frame(
            board: part.board, view: view, now: part.now, size: size, capabilities: capabilities)
        canvas.put(picture, rest.row, rest.column)
    }
}
