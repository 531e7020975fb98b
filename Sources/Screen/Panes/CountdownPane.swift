internal import ShutdownBoard
internal import ShutdownTrace

/// The limits: each with a bar, and with used and allowed in numbers.
///
/// Before a signal they stand there empty, so that nothing moves when they begin to run.
struct CountdownPane {
    let scene: Scene

    private var countdowns: [Countdown] { scene.explainer.limits }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        if rect.rows >= 2, rect.columns >= 100 { drawBars(&canvas, rect) } else { drawLine(&canvas, rect) }
    }

    private func drawBars(_ canvas: inout Canvas, _ rect: Rect) {
        let textWidth = 43
        let barStart = rect.column + 12
        let barWidth = max(0, rect.columns - (barStart - rect.column) - textWidth)
        for (row, countdown) in countdowns.prefix(rect.rows).enumerated() {
            let style = style(countdown)
            canvas.put(countdown.name, rect.row + row, rect.column + 2, style, width: 9)
            drawBar(&canvas, countdown, rect.row + row, barStart, barWidth)
            let numbers = "\(countdown.used.tenths.padded(left: 5))\(allowed(countdown, " of "))"
            let text = canvas.fitting(tails(countdown).map { numbers + $0 }, textWidth - 2)
            canvas.put(text, rect.row + row, barStart + barWidth + 1, style, width: textWidth - 2)
        }
    }

    /// Both in one line: the inner one with a bar, the outer one as numbers.
    private func drawLine(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0, let inner = countdowns.first else { return }
        let texts = countdowns.prefix(2).enumerated().map { index, countdown in
            let numbers = "\(countdown.used.tenths)\(allowed(countdown, "/"))"
            let risk = (countdown.isHeld ? " HELD" : "") + (countdown.isAtRisk ? " AT RISK" : "")
            return index == 0 ? "\(numbers.padded(left: 9))\(risk)" : "\(countdown.name) \(numbers)\(risk)"
        }
        let text = texts.joined(separator: "  ")
        let start = canvas.put(inner.name, rect.row, rect.column + 1, style(inner)) + 1
        let barWidth = max(0, rect.columns - start - canvas.columns(text) - 2)
        if barWidth >= 4 { drawBar(&canvas, inner, rect.row, start, barWidth) }
        let worst = countdowns.first(where: \.isAtRisk) ?? inner
        canvas.put(
            text, rect.row, barWidth >= 4 ? start + barWidth + 1 : start, style(worst), width: rect.right - start)
    }

    private func drawBar(_ canvas: inout Canvas, _ countdown: Countdown, _ row: Int, _ column: Int, _ width: Int) {
        let filled = Int((countdown.fraction * Double(width)).rounded())
        let ink: Style.Ink = countdown.isAtRisk ? .risk : isRunning ? .signal : .faint
        for cell in 0..<max(0, width) {
            let isFilled = cell < filled
            canvas.set(
                row, column + cell, isFilled ? scene.glyphs.bar : scene.glyphs.rest, Style(isFilled ? ink : .faint))
        }
    }

    /// What follows, the longest form first; when it is at risk, how many will not make it.
    private func tails(_ countdown: Countdown) -> [String] {
        if countdown.isHeld { return [", HELD: it does not run", ", HELD"] }
        guard countdown.isAtRisk else {
            return [countdown.consequence.isEmpty ? "" : ", \(countdown.consequence)", ""]
        }
        let long = countdown.limit == .grace ? "SIGKILL comes first" : "\(scene.lateCount.grouped) will be cut"
        return [", AT RISK: \(long)", ", AT RISK"]
    }

    private func allowed(_ countdown: Countdown, _ link: String) -> String {
        guard let allowed = countdown.allowed else { return " s, no limit" }
        return "\(link)\(allowed.bareSeconds) s"
    }

    private var isRunning: Bool { scene.signal != nil && scene.phase != .gone }

    private func style(_ countdown: Countdown) -> Style {
        if countdown.isAtRisk { return Style(.risk, .bold) }
        return isRunning ? .plain : Style(.faint)
    }
}

extension Time {
    /// A limit in seconds without its unit: whole ones without decimals.
    var bareSeconds: String { microseconds % 1_000_000 == 0 ? String(microseconds / 1_000_000) : tenths }
}
