internal import ShutdownBoard
internal import ShutdownTrace

/// The requests as lanes: time runs to the right, the signal is a line, and each lane ends in its fate.
struct LanesPane {
    let scene: Scene

    var board: Board { scene.board }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        if board.isUnasked { return drawConnections(&canvas, rect) }
        let inner = drawBox(&canvas, rect)
        let hasAxis = inner.rows >= 4
        let rows = inner.rows - (hasAxis ? 1 : 0)
        let lanes = LaneRows(scene, rows: rows)
        canvas.targets.add(.lanes, rect)
        let columns = Columns(
            inner, markWidth: scene.glyphs.markWidth, widestID: lanes.lanes.map(\.id).max() ?? 0,
            hasInstances: board.deploy != nil)
        let end = scene.latest
        let scale = TimeScale(
            first: columns.bars.lowerBound, last: columns.bars.upperBound, signal: scene.signal?.at, now: end)
        for (index, lane) in lanes.lanes.enumerated() {
            drawLane(&canvas, lane, inner.row + index, columns, scale)
            let place = Rect(row: inner.row + index, column: inner.column, rows: 1, columns: inner.columns)
            canvas.targets.add(.lane(lane.id), place)
        }
        if hasAxis {
            drawAxis(&canvas, lanes.more, inner, columns, scale)
        } else {
            drawFewRows(&canvas, lanes.more, rect, scale)
        }
        // The sentence stands over the signal's line, which would cut it.
        if lanes.lanes.isEmpty { drawEmpty(&canvas, inner) }
    }

    private func drawBox(_ canvas: inout Canvas, _ rect: Rect) -> Rect {
        let count = flight
        let atSignal = board.requests.countAtSignal.grouped
        let isWide = rect.columns >= 70
        guard scene.signal != nil else { return canvas.box(rect, "in flight \(count)") }
        return canvas.box(
            rect, isWide ? "in flight \(count)" : "in flight \(count), at the signal \(atSignal)",
            right: isWide ? "\(atSignal) at the signal" : "")
    }

    /// How many requests are in flight, as the first lines count them, and whose the others are that have a row.
    private var flight: String {
        let all = board.requests.inFlight.count
        let waitedFor = board.waitedForCount
        guard scene.signal != nil, all != waitedFor else { return all.grouped }
        if board.deploy != nil { return "\(all.grouped), \(waitedFor.grouped) of instance 1" }
        return "\(waitedFor.grouped), \((all - waitedFor).grouped) being read"
    }

    private func drawEmpty(_ canvas: inout Canvas, _ inner: Rect) {
        let text =
            switch scene.phase {
            case .starting: "no requests yet: the server has not answered"
            case .serving: "no request at this moment"
            case _ where scene.signal == nil: ""
            case _ where board.neverServed: "no request came: the server never answered"
            default: "nothing is in flight any more"
            }
        canvas.put(text, inner.row, inner.column + 1, Style(.faint), width: inner.columns - 2)
    }

    private func drawLane(_ canvas: inout Canvas, _ lane: Lane, _ row: Int, _ columns: Columns, _ scale: TimeScale) {
        let look = LaneLook(lane, scene)
        let quiet = lane.end == nil ? Style.plain : Style(.faint)
        var label = look.style.ink == .loss || look.style.ink == .risk ? look.style : quiet
        if scene.view.chosenLane == lane.id { label = Style(.normal, [.bold, .reverse]) }
        canvas.put(String(lane.id).padded(left: columns.idWidth), row, columns.id, label)
        if columns.hasInstances, let instance = lane.instance {
            canvas.put("·\(instance)", row, columns.label - 3, instance == 1 ? .plain : Style(.flight), width: 2)
        }
        canvas.put("\(lane.method) \(lane.path)", row, columns.label, label, width: columns.labelWidth)
        drawBar(&canvas, from: lane.startedAt, to: lane.end?.at, look.style, row, scale)
        var column = canvas.put(look.mark, row, columns.fate, look.style)
        column = columns.fate + scene.glyphs.markWidth + 1
        canvas.put(
            columns.wordWidth > 11 ? look.word : look.shortWord, row, column, look.style, width: columns.wordWidth)
        let age = lane.age(at: scene.latest)
        let text = lane.end == nil ? Countdown.steady(age) : age.words
        canvas.putRight(text, row, from: column, to: columns.end, label)
    }

    /// The bar of a request; one that has not ended goes on to the present.
    func drawBar(
        _ canvas: inout Canvas, from began: Time, to ended: Time?, _ style: Style, _ row: Int, _ scale: TimeScale
    ) {
        let isRunning = ended == nil
        let until = ended ?? (scene.signal == nil ? scale.origin : scene.latest)
        let start = max(scale.first, scale.cell(began).column)
        var (stop, eighths) = scale.cell(until)
        if stop == scale.line + 1, eighths == 0 { stop = scale.line }
        let last = min(stop - 1, scale.last)
        for column in start..<max(start, last + 1) where column != scale.line {
            canvas.set(row, column, scene.glyphs.bar, style)
        }
        guard stop >= start, stop <= scale.last, stop != scale.line else { return }
        // Even the shortest request takes one cell.
        let shown = eighths == 0 && stop == start && !isRunning ? 4 : eighths
        if let partial = scene.glyphs.partialBar(shown) { canvas.set(row, stop, partial, style) }
    }

    /// The signal's line through all rows, its name below, and the time of one cell.
    func drawAxis(_ canvas: inout Canvas, _ more: String, _ inner: Rect, _ columns: Columns, _ scale: TimeScale) {
        let axis = inner.bottom - 1
        canvas.put(more, axis, columns.id, .plain, width: max(0, scale.line - columns.id - 1))
        let unit =
            scale.unit.microseconds % 1_000_000 == 0 ? "\(scale.unit.microseconds / 1_000_000) s" : scale.unit.words
        let isQuiet = scene.phase == .starting
        if columns.isWide, !isQuiet {
            canvas.putRight("1 cell is \(unit)", axis, from: columns.fate, to: columns.end, Style(.faint))
        }
        guard scene.signal != nil else {
            if !isQuiet {
                drawLine(&canvas, scale.line, "now", scene.glyphs.nowLine, Style(.faint), inner, end: columns.fate)
            }
            return
        }
        let sent = board.signals.sent.filter(\.asksToStop)
        let lines = sent.map { $0.at <= scale.origin ? scale.line : scale.cell($0.at).column }
        var end = columns.isWide ? columns.fate - 1 : columns.end
        for (sent, column) in zip(sent, lines).reversed() where column <= scale.last && column < end {
            drawLine(&canvas, column, sent.signal.name, scene.glyphs.signalLine, Style(.signal, .bold), inner, end: end)
            end = column
        }
    }

    /// The signal's line where there is no row for its name, which then stands in the frame with what has no row.
    func drawFewRows(_ canvas: inout Canvas, _ more: String, _ rect: Rect, _ scale: TimeScale) {
        let frame = rect.bottom - 1
        if !more.isEmpty {
            canvas.putRight(" \(more) ", frame, from: rect.column + 2, to: rect.right - 2, Style(.faint))
        }
        guard let signal = scene.signal else { return }
        let style = Style(.signal, .bold)
        for row in rect.row + 1..<max(rect.row + 1, frame) {
            canvas.set(row, scale.line, scene.glyphs.signalLine, style)
        }
        canvas.set(frame, scale.line, scene.glyphs.signalLine, style)
        let name = " \(signal.signal.name) "
        let room = rect.right - 2 - (more.isEmpty ? 0 : canvas.columns(more) + 2) - scale.line - 1
        if canvas.columns(name) <= room { canvas.put(name, frame, scale.line + 1, style) }
    }

    private func drawLine(
        _ canvas: inout Canvas, _ column: Int, _ name: String, _ glyph: Unicode.Scalar, _ style: Style, _ inner: Rect,
        end: Int
    ) {
        for row in inner.row..<inner.bottom { canvas.set(row, column, glyph, style) }
        let short = name.hasPrefix("SIG") ? String(name.dropFirst(3)) : ""
        let room = end - column - 1
        let text = [" \(name)", name, short].first { canvas.columns($0) <= room } ?? ""
        canvas.put(text, inner.bottom - 1, column + 1, style, width: room)
    }

    /// The columns of the parts of every row.
    struct Columns {
        let id: Int
        let idWidth: Int
        let label: Int
        let labelWidth: Int
        let bars: ClosedRange<Int>
        let fate: Int
        let wordWidth: Int
        let end: Int
        let isWide: Bool
        /// Whether the instance that served a request stands behind its id.
        let hasInstances: Bool

        init(_ inner: Rect, markWidth: Int, widestID: Int, hasInstances: Bool) {
            self.hasInstances = hasInstances
            isWide = inner.columns >= 70
            end = inner.right - 1
            idWidth = max(isWide ? 4 : 3, String(widestID).count)
            id = inner.column + 1
            label = id + idWidth + (hasInstances ? 3 : 1)
            labelWidth = inner.columns >= 110 ? 30 : isWide ? 16 : max(0, min(14, inner.columns - idWidth - 28))
            wordWidth = inner.columns >= 110 ? 12 : 9
            fate = max(label + labelWidth + 2, end - (markWidth + 1 + wordWidth + 7))
            let first = label + labelWidth + 1
            bars = first...max(first, fate - 2)
        }

        /// The columns for connections, which have a port, no label, and a longer text.
        init(connections inner: Rect) {
            hasInstances = false
            isWide = inner.columns >= 70
            id = inner.column + 1
            idWidth = 5
            labelWidth = 0
            end = inner.right - 1
            label = id + idWidth + 1
            wordWidth = min(34, inner.columns * 2 / 5)
            fate = end - wordWidth - 8
            bars = label...max(label, fate - 2)
        }
    }
}
