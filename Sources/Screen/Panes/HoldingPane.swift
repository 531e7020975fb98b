internal import ShutdownBoard
internal import ShutdownTrace

/// What holds the shutdown up, by its cause.
///
/// While nothing holds it up, the pane says what to try.
struct HoldingPane {
    let scene: Scene

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows >= 3 else { return }
        let blockers = scene.explainer.blockers(limit: rect.rows - 2)
        if blockers.isEmpty { return drawHints(&canvas, rect) }
        let inner = canvas.box(rect, "holding it up", titleStyle: Style(.normal, .bold))
        for (index, blocker) in blockers.prefix(inner.rows).enumerated() {
            let row = inner.row + index
            let end = inner.right - 1
            let time = Countdown.steady(blocker.lasted)
            let room = inner.columns - 3 - canvas.columns(time)
            // A shorter word is better than a cut one.
            canvas.put(canvas.fitting(blocker.forms, room), row, inner.column + 1, width: room)
            canvas.putRight(time, row, from: inner.column + 1, to: end)
        }
    }

    /// The first blocker, as one line without a frame.
    func drawLine(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0, let blocker = scene.explainer.blockers(limit: 1).first else { return }
        let text = "held up by \(blocker.subject): \(blocker.cause) \(Countdown.steady(blocker.lasted))"
        canvas.put(text, rect.row, rect.column + 1, width: rect.columns - 1)
    }

    private func drawHints(_ canvas: inout Canvas, _ rect: Rect) {
        guard scene.phase == .serving, !scene.view.isPart else {
            if !scene.content.isDisjoint(with: [.outside, .noLedger]) { drawQuiet(&canvas, rect) }
            return
        }
        let inner = canvas.box(rect, "try")
        let isWide = inner.columns >= 36
        for (index, hint) in (scene.canAsk ? live : Self.recorded).prefix(inner.rows).enumerated() {
            let text = "\(hint.key)  \(isWide ? hint.long : hint.short)"
            canvas.put(text, inner.row + index, inner.column + 1, Style(.faint), width: inner.columns - 2)
        }
    }

    private typealias Hint = (key: String, long: String, short: String)

    /// The key that the lesson is about, or that begins the deploy, and then the others.
    private var live: [Hint] {
        let first = scene.firstKey
        let name = first.key == "s" ? "choose \(first.signal.shortName)" : first.signal.name
        let own: Hint? =
            if scene.awaitsDeploy {
                ("t", "deploy: instance 2 takes over", "deploy: instance 2 takes over")
            } else if first.signal != .terminate {
                (first.key, "\(name): this lesson's signal", name)
            } else { nil }
        return [own].compactMap { $0 } + Self.live.filter { $0.key != own?.key }
    }

    /// The text of a pane without any blocker.
    private func drawQuiet(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = canvas.box(rect, "holding it up")
        let text = scene.phase == .gone ? "nothing any more" : "nothing that can be seen"
        canvas.put(text, inner.row, inner.column + 1, Style(.faint), width: inner.columns - 2)
    }

    private static let explain: Hint = ("e", "what is happening now, and why", "explain")

    private static let live: [Hint] = [
        ("t", "SIGTERM: ask it to leave", "ask it to leave"), ("K", "SIGKILL: see what that costs", "kill it"),
        ("s", "all signals, what each would do", "all signals"), explain,
    ]

    private static let recorded: [Hint] = [
        ("]", "on to the signal", "on to the signal"), (".", "on by one event", "one event on"),
        ("+", "play faster", "faster"), explain,
    ]
}
