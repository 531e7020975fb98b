internal import ShutdownBoard
internal import ShutdownTrace

/// The connections of a server that no client of this program asks, as lanes: only the connections of its own clients
/// are known, not their requests.
extension LanesPane {
    func drawConnections(_ canvas: inout Canvas, _ rect: Rect) {
        let count = board.openConnections
        let inner = canvas.box(rect, "connections \(count.grouped)")
        canvas.targets.add(.lanes, rect)
        let hasAxis = inner.rows >= 4
        let connections = board.family.connections
        let shown = connections.prefix(max(0, inner.rows - (hasAxis ? 1 : 0)))
        let columns = Columns(connections: inner)
        let scale = TimeScale(
            first: columns.bars.lowerBound, last: columns.bars.upperBound, signal: scene.signal?.at, now: scene.latest)
        for (index, connection) in shown.enumerated() {
            draw(&canvas, connection, inner.row + index, columns, scale)
        }
        let more = max(0, count - shown.count)
        let rest = more > 0 ? "\(more.grouped) more" : ""
        if hasAxis { drawAxis(&canvas, rest, inner, columns, scale) } else { drawFewRows(&canvas, rest, rect, scale) }
        if shown.isEmpty {
            canvas.put(nothing(count), inner.row, inner.column + 1, Style(.faint), width: inner.columns - 2)
        }
    }

    private func draw(
        _ canvas: inout Canvas, _ connection: Family.Sighting, _ row: Int, _ columns: Columns, _ scale: TimeScale
    ) {
        let style = Style(connection.cause == .connection(.quiet) ? .flight : .risk)
        canvas.put("\(connection.port ?? 0)".padded(left: columns.idWidth), row, columns.id)
        drawBar(&canvas, from: connection.since, to: nil, style, row, scale)
        canvas.put(connection.words, row, columns.fate, style, width: columns.wordWidth)
        canvas.putRight(Countdown.steady(scene.latest - connection.since), row, from: columns.fate, to: columns.end)
    }

    private func nothing(_ count: Int) -> String {
        if scene.phase == .gone { return "none any more" }
        if count > 0 { return "too short to be named" }
        return board.process.port == nil ? "no port that it listens on was found" : "none at this moment"
    }
}
