internal import ShutdownBoard

/// The sliders of a live lesson: each with its position and its value, the chosen one in bold.
struct SliderRow {
    let scene: Scene

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0, let playing = scene.view.playing else { return }
        let chosen = scene.view.slider?.setting
        let isWide = rect.columns >= 60
        // A slider has the name of the value that it sets: the lead's countdown stands above.
        var column = canvas.put("set", rect.row, rect.column + (rect.columns >= 100 ? 2 : 1), Style(.faint)) + 2
        for slider in playing.sliders {
            let style = slider.setting == chosen ? Style(.normal, .bold) : Style(.faint)
            let text = "\(slider.name) \(track(slider, isWide)) \(slider.label)"
            guard column < rect.right - 1 else { break }
            column = canvas.put(text, rect.row, column, style, width: rect.right - 1 - column) + (isWide ? 4 : 2)
        }
        let keys = playing.sliders.count > 1 ? "- + move it, Tab next" : "- + move it"
        if scene.canSlide, rect.right - column > canvas.columns(keys) {
            canvas.putRight(keys, rect.row, from: column, to: rect.right - 1, Style(.faint))
        }
    }

    /// A cell for each position; where there is no room, their number.
    private func track(_ slider: Slider, _ isWide: Bool) -> String {
        guard isWide, slider.labels.count <= 16 else { return "\(slider.position + 1)/\(slider.labels.count)" }
        let glyphs = scene.glyphs
        return slider.labels.indices.map { index in
            String(
                Character(
                    index == slider.position
                        ? glyphs.here : index < slider.position ? glyphs.barPassed : glyphs.barAhead))
        }.joined()
    }
}

extension Scene {
    /// Whether `-` and `+` move a slider here, rather than the speed.
    var canSlide: Bool {
        Situation(board: board, now: now, size: Size(columns: 0, rows: 0), transport: view.transport).isPresent
    }
}
