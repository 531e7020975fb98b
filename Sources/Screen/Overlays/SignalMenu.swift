internal import ShutdownBoard
internal import ShutdownTrace

/// The menu of all signals: number, name, meaning, and what this server does with each.
struct SignalMenu {
    let scene: Scene
    let size: Size

    func draw(_ canvas: inout Canvas, cursor: Int) {
        let pid = scene.board.process.pid.map { "process \($0)" } ?? "the server"
        let right = scene.board.signals.masks == nil ? "" : "from /proc/\(scene.board.process.pid ?? 0)/status"
        let inner = OverlayPane.box(
            &canvas, size, title: "send a signal to \(pid)", right: right, rows: Signal.all.count, columns: 102)
        let first = min(max(0, cursor - inner.rows / 2), max(0, Signal.all.count - inner.rows))
        for (index, signal) in Signal.all.dropFirst(first).prefix(inner.rows).enumerated() {
            drawRow(&canvas, signal, inner.row + index, inner, isChosen: first + index == cursor)
        }
    }

    private func drawRow(_ canvas: inout Canvas, _ signal: Signal, _ row: Int, _ inner: Rect, isChosen: Bool) {
        let prediction = scene.board.signals.prediction(for: signal)
        let base = isChosen ? Style(.normal, [.bold, .reverse]) : .plain
        let place = Rect(row: row, column: inner.column, rows: 1, columns: inner.columns)
        if isChosen { canvas.fill(place, " ", base) }
        Signal.all.firstIndex(of: signal).map { canvas.targets.add(.row($0), place) }
        canvas.put(isChosen ? scene.glyphs.cursor : " ", row, inner.column, base, width: inner.columns)
        let name = "\(String(signal.rawValue).padded(left: 2)) \(signal.name.padded(right: 9))"
        var column = canvas.put(name, row, inner.column + 2, base, width: inner.columns - 2)
        let predictionWidth = 31
        if inner.right - column > 36 + predictionWidth {
            let start = inner.right - predictionWidth - 1
            canvas.put(signal.meaning, row, column + 1, isChosen ? base : Style(.faint), width: start - column - 2)
            column = start
        }
        canvas.put(
            prediction.words, row, column + 1, isChosen ? base : style(prediction),
            width: max(0, inner.right - column - 1))
    }

    private func style(_ prediction: Signals.Prediction) -> Style {
        switch prediction {
        case .caught: Style(.flight)
        case .byDefault(.terminate), .byDefault(.core): Style(.risk)
        case .byDefault, .ignored, .blocked: .plain
        case .unknown: Style(.faint)
        }
    }
}
