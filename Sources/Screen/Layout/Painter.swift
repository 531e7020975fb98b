public import ShutdownBoard
public import ShutdownTrace

/// Draws one frame: a function of the board, the view, the moment, the size and what the terminal can show, of nothing else.
public enum Painter {
    /// The smallest screen that shows a server; below it one line asks for more room.
    public static let smallest = Size(columns: 20, rows: 4)

    /// One picture of the run.
    ///
    /// - Parameters:
    ///   - board: What happened; while the picture is frozen, what had happened then.
    ///   - view: What the person has chosen.
    ///   - now: The moment of the picture, at least that of the board's last event.
    ///   - size: The extent of the screen; any, down to nothing at all.
    ///   - capabilities: What the terminal can show.
    /// - Returns: A frame of exactly that size.
    public static func frame(
        board: Board, view: View, now: Time, size: Size, capabilities: Capabilities = Capabilities()
    ) -> Frame {
        let scene = Scene(board, view, now, capabilities)
        var canvas = Canvas(size: size, glyphs: scene.glyphs)
        guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
            drawTooSmall(&canvas, scene, size)
            return canvas.frame
        }
        let plan = Plan(size, scene.content)
        if plan.kind == .words { drawWords(&canvas, scene, plan) } else { drawPanes(&canvas, scene, plan) }
        if let rect = plan[.timeline], let transport = view.transport {
            TimelineBar(scene: scene, transport: transport).draw(&canvas, rect)
        }
        if let rect = plan[.footer] { FooterPane(scene: scene, size: size).draw(&canvas, rect) }
        OverlayPane(scene: scene, size: size).draw(&canvas)
        return canvas.frame
    }

    /// How many events a page holds.
    static func eventRows(_ situation: Situation, _ view: View) -> Int {
        let plan = Plan(situation.size, view.content(situation.board))
        guard let rect = plan[.events] else { return 1 }
        return max(1, rect.rows - (plan.kind == .words ? 0 : 2))
    }

    private static func drawPanes(_ canvas: inout Canvas, _ scene: Scene, _ plan: Plan) {
        if let rect = plan[.heading] { Heading(scene: scene).draw(&canvas, rect) }
        if scene.showsVerdict, let verdict = scene.verdict {
            return VerdictCard(scene: scene, verdict: verdict).draw(&canvas, plan.body)
        }
        if let rect = plan[.track] { TrackPane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.countdown] { CountdownPane(scene: scene).draw(&canvas, rect) }
        drawLesson(&canvas, scene, plan)
        if let rect = plan[.lanes] { LanesPane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.events] { EventsPane(scene: scene).draw(&canvas, rect) }
        if plan.kind == .narrow { return drawLines(&canvas, scene, plan) }
        if let rect = plan[.release] { ReleasePane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.ledger] { LedgerPane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.traffic] { TrafficPane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.holding] { HoldingPane(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.family] { FamilyPane(scene: scene).draw(&canvas, rect) }
    }

    /// What only some lessons have.
    private static func drawLesson(_ canvas: inout Canvas, _ scene: Scene, _ plan: Plan) {
        if let rect = plan[.sliders] { SliderRow(scene: scene).draw(&canvas, rect) }
        if let rect = plan[.deploy] { DeployPane(scene: scene).draw(&canvas, rect) }
    }

    private static func drawWords(_ canvas: inout Canvas, _ scene: Scene, _ plan: Plan) {
        let words = WordsPane(scene: scene)
        if let rect = plan[.heading] {
            words.drawHeading(&canvas, rect.splitTop(1).top)
            if !scene.showsVerdict { words.drawWaiting(&canvas, rect.splitTop(1).rest) }
        }
        if scene.showsVerdict, let verdict = scene.verdict {
            return VerdictCard(scene: scene, verdict: verdict).draw(&canvas, plan.body)
        }
        drawLesson(&canvas, scene, plan)
        if let rect = plan[.lanes] { words.drawLanes(&canvas, rect) }
        if let rect = plan[.events] { EventsPane(scene: scene).drawLines(&canvas, rect) }
        drawLines(&canvas, scene, plan)
    }

    /// The parts that are one line where there is no room for a pane.
    private static func drawLines(_ canvas: inout Canvas, _ scene: Scene, _ plan: Plan) {
        if let rect = plan[.release] { WordsPane(scene: scene).drawRelease(&canvas, rect) }
        if let rect = plan[.ledger] { LedgerPane(scene: scene).drawLine(&canvas, rect) }
        if let rect = plan[.traffic] { TrafficPane(scene: scene).drawLine(&canvas, rect) }
        if let rect = plan[.holding] { HoldingPane(scene: scene).drawLine(&canvas, rect) }
    }

    /// The phase where it fits, and what is needed.
    private static func drawTooSmall(_ canvas: inout Canvas, _ scene: Scene, _ size: Size) {
        canvas.put("need 20x4, have \(size.columns)x\(size.rows)", 0, 0, width: size.columns)
        canvas.put(scene.phase.word, 1, 0, scene.phaseStyle, width: size.columns)
    }
}
