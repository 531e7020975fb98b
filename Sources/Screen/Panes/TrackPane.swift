internal import ShutdownBoard

/// The phases from serving to the exit, in one line.
struct TrackPane {
    let scene: Scene

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        var stations = scene.explainer.track
        // A server that has not answered yet stands before the first station.
        if scene.phase == .starting { for index in stations.indices { stations[index].state = .ahead } }
        let isWide = rect.columns >= 100 && length(stations, canvas) + 4 <= rect.columns
        var names = stations.map { isWide ? $0.state == .late ? $0.lateName : $0.name : $0.shortName }
        if let current = stations.firstIndex(where: { $0.state == .current }) {
            let isLeaving = isWide && stations[current].kind == .rotation
            names[current] = (isLeaving ? "leaving rotation" : names[current]).uppercased()
        }
        let indent = isWide ? 2 : 1
        let first = firstShown(stations, names, width: rect.columns - indent - 1, canvas, isWide)
        var column = rect.column + indent
        if first > 0 { column = canvas.put("… ", rect.row, column, Style(.faint)) }
        for index in stations.indices.dropFirst(first) {
            let mark = mark(stations[index].state, isWide)
            let needed = canvas.columns(mark + names[index]) + (isWide ? 4 : 1)
            guard column + needed <= rect.right - (index == stations.count - 1 ? 0 : 2) else {
                canvas.put(" …", rect.row, column, Style(.faint), width: rect.right - column)
                break
            }
            if index > first { column = drawLink(&canvas, stations[index], rect.row, column, isWide) }
            let text = mark + names[index]
            column = canvas.put(text, rect.row, column, style(stations[index].state), width: rect.right - 1 - column)
        }
    }

    /// The columns of all stations with the links between them.
    private func length(_ stations: [Station], _ canvas: Canvas) -> Int {
        stations.reduce(-4) { $0 + canvas.columns($1.name) + scene.glyphs.markWidth + 5 }
    }

    private func drawLink(_ canvas: inout Canvas, _ station: Station, _ row: Int, _ column: Int, _ isWide: Bool) -> Int
    {
        guard isWide else { return canvas.put(" ", row, column) }
        let isPassed = station.state != .ahead
        let link = isPassed ? scene.glyphs.trackDone : scene.glyphs.trackAhead
        return canvas.put(" \(link) ", row, column, Style(.faint))
    }

    /// The first station to show, so that the current one is seen.
    private func firstShown(_ stations: [Station], _ names: [String], width: Int, _ canvas: Canvas, _ isWide: Bool)
        -> Int
    {
        let gap = isWide ? 4 : 1
        let widths = names.map { canvas.columns($0) + scene.glyphs.markWidth + (isWide ? 1 : 0) + gap }
        let current = stations.firstIndex { $0.state != .passed } ?? stations.count - 1
        var first = 0
        while first < current, widths[first...min(current + 1, stations.count - 1)].reduce(0, +) + 2 > width {
            first += 1
        }
        if widths.reduce(0, +) - gap <= width { return 0 }
        while first > 0, widths[(first - 1)...].reduce(0, +) + 2 <= width { first -= 1 }
        return first
    }

    /// The heavy line says on a wide screen what is passed; on a narrow one there is none.
    private func mark(_ state: Station.State, _ isWide: Bool) -> String {
        let mark =
            switch state {
            case .passed: isWide ? "" : scene.glyphs.passed
            case .current: scene.glyphs.running
            case .ahead: scene.glyphs.inUse
            case .late, .missed: scene.glyphs.failed
            }
        return isWide && !mark.isEmpty ? mark + " " : mark
    }

    private func style(_ state: Station.State) -> Style {
        switch state {
        case .passed: .plain
        case .current: scene.phaseStyle
        case .ahead: Style(.faint)
        case .late: Style(.risk)
        case .missed: Style(.loss)
        }
    }
}
