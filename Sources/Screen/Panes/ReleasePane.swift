internal import ShutdownBoard
internal import ShutdownTrace

/// The stack of resources: acquired from the bottom up, released from the top down.
struct ReleasePane {
    let scene: Scene

    private var board: Board { scene.board }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        let isWide = rect.columns >= 36
        let inner = canvas.box(rect, "release", right: isWide ? "last in, first out" : "")
        let stack = Array(board.resources.stack.reversed())
        guard !stack.isEmpty else {
            let isStarting = scene.phase == .starting
            let texts =
                isStarting ? ["nothing acquired yet", "nothing yet"] : ["the server does not tell", "not told"]
            let text = canvas.fitting(texts, inner.columns - 1)
            canvas.put(text, inner.row, inner.column + 1, Style(.faint), width: inner.columns - 1)
            return
        }
        for (index, resource) in shown(stack, rows: inner.rows).enumerated() {
            drawRow(&canvas, resource, inner.row + index, inner, isWide)
        }
    }

    /// The whole stack, or the part of it that changes.
    private func shown(_ stack: [Resource], rows: Int) -> ArraySlice<Resource> {
        guard stack.count > rows else { return stack[...] }
        let next = stack.firstIndex { !$0.state.isReleased } ?? stack.count - 1
        let first = min(max(0, next - 1), stack.count - rows)
        return stack[first..<(first + rows)]
    }

    private func drawRow(_ canvas: inout Canvas, _ resource: Resource, _ row: Int, _ inner: Rect, _ isWide: Bool) {
        let look = look(resource)
        let end = inner.right - 1
        var column = canvas.put("\(resource.index)".padded(left: 2) + " ", row, inner.column, Style(.faint))
        canvas.put(look.mark, row, column, look.style)
        column += scene.glyphs.markWidth + 1
        let nameEnd = canvas.put(
            printable(resource.name.rawValue, width: 12).padded(right: isWide ? 11 : 10), row, column, look.style,
            width: end - column)
        // Where there is no room for both, the cause is shown and the time is not.
        let time = isWide || look.short.isEmpty ? look.time : ""
        canvas.putRight(time, row, from: nameEnd, to: end, look.style.ink == .loss ? look.style : .plain)
        let room = end - nameEnd - (time.isEmpty ? 0 : canvas.columns(time) + 1)
        if isWide {
            let clause = look.detail.split(separator: ",").first.map(String.init) ?? ""
            let text = [look.detail, clause, look.short].first { canvas.columns($0) <= room } ?? ""
            canvas.put(text, row, nameEnd, Style(look.style.ink == .loss ? .loss : .faint), width: room)
        } else if time.isEmpty {
            canvas.putRight(look.short, row, from: nameEnd + 1, to: end, Style(.faint))
        }
    }

    private struct Look {
        var mark: String
        var style: Style
        var detail: String
        /// The text where there is no room for the detail.
        var short = ""
        var time = ""
    }

    private func look(_ resource: Resource) -> Look {
        let glyphs = scene.glyphs
        let live = liveDetail(resource)
        let isOver = scene.isOver
        switch resource.state {
        case .inUse, .quiesced:
            if isOver, board.isDoneUnsaid(resource) {
                return Look(mark: glyphs.passed, style: .plain, detail: live.long, short: live.short)
            }
            if isOver, resource.name == .listener, board.listener.closedAt != nil {
                let lost = board.doubt(of: resource)
                return Look(
                    mark: glyphs.failed, style: Style(.loss), detail: "closed" + (lost.map { ", \($0.long)" } ?? ""),
                    short: lost?.short ?? "closed")
            }
            if isOver {
                return Look(mark: glyphs.failed, style: Style(.loss), detail: "never released", short: "never")
            }
            let mark = resource.state == .inUse ? glyphs.inUse : glyphs.quiesced
            return Look(mark: mark, style: .plain, detail: live.long, short: live.short)
        case .releasing(let since):
            let time = Countdown.steady((board.process.exit?.at ?? scene.now) - since)
            if isOver {
                return Look(
                    mark: glyphs.failed, style: Style(.loss), detail: "never done", short: "undone", time: time)
            }
            return Look(
                mark: glyphs.running, style: Style(.flight, .bold), detail: live.long, short: live.short, time: time)
        case .released where resource.failedAgain != nil || resource.releases > 1:
            let again = resource.failedAgain.map { "and again: \($0)" } ?? "and once more"
            return Look(mark: glyphs.passed, style: Style(.risk), detail: again, short: "twice")
        case .released(_, let took):
            if let doubt = board.doubt(of: resource) {
                return Look(mark: glyphs.failed, style: Style(.loss), detail: doubt.long, short: doubt.short)
            }
            return Look(mark: glyphs.passed, style: .plain, detail: resource.detail, time: took.words)
        case .failed(_, let cause):
            return Look(mark: glyphs.failed, style: Style(.loss, .bold), detail: cause, short: "failed")
        }
    }

    /// The detail that the board knows, or that the server told.
    private func liveDetail(_ resource: Resource) -> (long: String, short: String) {
        switch resource.name {
        case .rotation where board.rotation.leftAt != nil: return ("left rotation", "left")
        case .websockets where board.websockets.atSignal > 0:
            let closed = board.websockets.closedClean + board.websockets.closedDirty
            let all = board.websockets.atSignal
            let code =
                board.websockets.codes.count == 1 ? board.websockets.codes.keys.first.map { ", \($0)" } ?? "" : ""
            return ("\(closed) of \(all) closed\(code)", "\(closed) of \(all)")
        case .websockets where !board.websockets.open.isEmpty:
            return ("\(board.websockets.open.count.grouped) open", "\(board.websockets.open.count.grouped)")
        case .workers where !board.jobs.running.isEmpty:
            let jobs = counted(board.jobs.running.count, "job")
            return ("\(jobs) running", jobs)
        case .ledger where !board.ledger.openTransactions.isEmpty:
            let count = board.ledger.openTransactions.count
            return ("\(resource.detail.isEmpty ? "" : resource.detail + ", ")\(count) open tx", "\(count) tx")
        case .log where board.log.written != nil:
            let lines = (board.log.written ?? 0).grouped
            return ("\(lines) lines", "\(lines)")
        case .listener where board.listener.closedAt != nil || resource.state.isReleasing:
            let left = board.waitedForCount.grouped
            return ((board.listener.closedAt == nil ? "" : "closed, ") + "\(left) left", "\(left) left")
        default:
            let left = resource.left.flatMap { $0 > 0 ? "\($0.grouped) left" : nil } ?? ""
            return ([left, resource.detail].filter { !$0.isEmpty }.joined(separator: ", "), left)
        }
    }
}
