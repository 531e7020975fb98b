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
        canvas(board: board, view: view, now: now, size: size, capabilities: capabilities).frame
    }

    /// The same picture, with what the mouse finds on it.
    static func canvas(board: Board, view: View, now: Time, size: Size, capabilities: Capabilities) -> Canvas {
        let scene = Scene(board, view, now, capabilities)
        var canvas = Canvas(size: size, glyphs: scene.glyphs)
        guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
            drawTooSmall(&canvas, scene, size)
            return canvas
        }
        let layout = scene.layout(size)
        if view.isBig, !view.isPart {
            drawBig(&canvas, scene, size)
        } else if let part = layout.zoomed {
            drawZoomed(&canvas, scene, layout, part)
        } else if layout.kind == .words {
            drawWords(&canvas, scene, layout)
        } else {
            drawPanes(&canvas, scene, layout)
        }
        if let rect = layout[.timeline], let transport = view.transport {
            TimelineBar(scene: scene, transport: transport).draw(&canvas, rect)
        }
        if !scene.showsVerdict, !view.isBig, let chosen = scene.view.focus, let rect = layout[chosen] {
            canvas.emphasise(rect)
        }
        if let rect = layout[.footer] { FooterPane(scene: scene, size: size).draw(&canvas, rect) }
        OverlayPane(scene: scene, size: size).draw(&canvas)
        return canvas
    }

    /// How many events a page holds.
    static func eventRows(_ situation: Situation, _ view: View) -> Int {
        let layout = view.layout(situation)
        guard let rect = layout[.events] else { return 1 }
        return max(1, rect.rows - (layout.kind == .words && layout.zoomed == nil ? 0 : 2))
    }

    private static func drawPanes(_ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout) {
        if let rect = layout[.heading] { HeadingPane(scene: scene).draw(&canvas, rect) }
        if scene.showsVerdict, let verdict = scene.verdict {
            return VerdictCard(verdict, scene, in: layout.body).draw(&canvas)
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

    /// The first lines as ever, and below them the facts in large letters.
    private static func drawBig(_ canvas: inout Canvas, _ scene: Scene, _ size: Size) {
        let (heading, rest) = Rect(size).splitTop(size.rows >= 12 ? 2 : 1)
        let words = WordsPane(scene: scene)
        if size.columns < 48 {
            words.drawHeading(&canvas, heading.splitTop(1).top)
            words.drawWaiting(&canvas, heading.splitTop(1).rest)
        } else {
            HeadingPane(scene: scene).draw(&canvas, heading)
        }
        let below = scene.view.transport != nil && scene.view.showsTimeline ? 2 : 1
        BigPane(scene: scene).draw(&canvas, rest.splitTop(rest.rows - below).top)
    }

    /// One pane below the first lines.
    private static func drawZoomed(
        _ canvas: inout Canvas, _ scene: Scene, _ layout: DashboardLayout, _ part: DashboardLayout.Part
    ) {
        if let rect = layout[.heading] { HeadingPane(scene: scene).draw(&canvas, rect) }
        guard let rect = layout[part] else { return }
        switch part {
        case .lanes: LanesPane(scene: scene).draw(&canvas, rect)
        case .events: EventsPane(scene: scene).draw(&canvas, rect)
        case .release: ReleasePane(scene: scene).draw(&canvas, rect)
        case .ledger: LedgerPane(scene: scene).draw(&canvas, rect)
        case .traffic: TrafficPane(scene: scene).draw(&canvas, rect)
        case .holding: HoldingPane(scene: scene).draw(&canvas, rect)
        case .family: FamilyPane(scene: scene).draw(&canvas, rect)
        case .heading, .footer, .countdown, .track, .deploy, .sliders, .timeline: break
        }
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
            return VerdictCard(verdict, scene, in: layout.body).draw(&canvas)
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
