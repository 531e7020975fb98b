package import ShutdownBoard
package import ShutdownTrace

/// Draws one frame from the board, the view, the moment, the size and the terminal's capabilities, and nothing else.
package enum Painter {
    /// The smallest screen that shows a server; below it one line asks for more room.
    package static let smallest = Size(columns: 20, rows: 4)

    /// One picture of the run.
    ///
    /// - Parameters:
    ///   - board: The board at the moment of the picture, or of the freeze.
    ///   - view: The person's choices.
    ///   - now: The moment of the picture, at least that of the board's last event.
    ///   - size: The extent of the screen; any, down to nothing at all.
    ///   - capabilities: What the terminal can show.
    /// - Returns: A frame of exactly that size.
    package static func frame(
        board: Board, view: View, now: Time, size: Size, capabilities: Capabilities = Capabilities()
    ) -> Frame {
        let scene = Scene(board, view, now, capabilities)
        var canvas = Canvas(size: size, glyphs: scene.glyphs)
        guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
            drawTooSmall(&canvas, scene, size)
            return canvas.frame
        }
        let layout = DashboardLayout(size, scene.content)
        if layout.kind == .words { drawWords(&canvas, scene, layout) } else { drawPanes(&canvas, scene, layout) }
        if let rect = layout[.timeline], let transport = view.transport {
            TimelineBar(scene: scene, transport: transport).draw(&canvas, rect)
        }
        if let rect = layout[.footer] { FooterPane(scene: scene, size: size).draw(&canvas, rect) }
        OverlayPane(scene: scene, size: size).draw(&canvas)
        return canvas.frame
    }

    /// How many events a page holds.
    static func eventRows(_ situation: Situation, _ view: View) -> Int {
        let layout = DashboardLayout(situation.size, view.content(situation.board))
        guard let rect = layout[.events] else { return 1 }
        return max(1, rect.rows - (layout.kind == .words ? 0 : 2))
    }

    private static func drawPanes(_ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout) {
        if let rect = layout[.heading] { HeadingPane(scene: scene).draw(&canvas, rect) }
        if scene.showsVerdict, let verdict = scene.verdict {
            return VerdictCard(scene: scene, verdict: verdict).draw(&canvas, layout.body)
        }
        if let rect = layout[.track] { TrackPane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.countdown] { CountdownPane(scene: scene).draw(&canvas, rect) }
        drawLesson(&canvas, scene, layout)
        if let rect = layout[.lanes] { LanesPane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.events] { EventsPane(scene: scene).draw(&canvas, rect) }
        if layout.kind == .narrow { return drawLines(&canvas, scene, layout) }
        if let rect = layout[.release] { ReleasePane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.ledger] { LedgerPane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.traffic] { TrafficPane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.holding] { HoldingPane(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.family] { FamilyPane(scene: scene).draw(&canvas, rect) }
    }

    /// The parts that only some lessons have.
    private static func drawLesson(_ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout) {
        if let rect = layout[.sliders] { SliderRow(scene: scene).draw(&canvas, rect) }
        if let rect = layout[.deploy] { DeployPane(scene: scene).draw(&canvas, rect) }
    }

    private static func drawWords(_ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout) {
        let words = WordsPane(scene: scene)
        if let rect = layout[.heading] {
            words.drawHeading(&canvas, rect.splitTop(1).top)
            if !scene.showsVerdict { words.drawWaiting(&canvas, rect.splitTop(1).rest) }
        }
        if scene.showsVerdict, let verdict = scene.verdict {
            return VerdictCard(scene: scene, verdict: verdict).draw(&canvas, layout.body)
        }
        drawLesson(&canvas, scene, layout)
        if let rect = layout[.lanes] { words.drawLanes(&canvas, rect) }
        if let rect = layout[.events] { EventsPane(scene: scene).drawLines(&canvas, rect) }
        drawLines(&canvas, scene, layout)
    }

    /// The parts that are one line where there is no room for a pane.
    private static func drawLines(_ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout) {
        if let rect = layout[.release] { WordsPane(scene: scene).drawRelease(&canvas, rect) }
        if let rect = layout[.ledger] { LedgerPane(scene: scene).drawLine(&canvas, rect) }
        if let rect = layout[.traffic] { TrafficPane(scene: scene).drawLine(&canvas, rect) }
        if let rect = layout[.holding] { HoldingPane(scene: scene).drawLine(&canvas, rect) }
    }

    /// The size that is needed, and the phase where it fits.
    private static func drawTooSmall(_ canvas: inout Canvas, _ scene: Scene, _ size: Size) {
        canvas.put("need 20x4, have \(size.columns)x\(size.rows)", 0, 0, width: size.columns)
        canvas.put(scene.phase.word, 1, 0, scene.phaseStyle, width: size.columns)
    }
}
