internal import ShutdownBoard
internal import ShutdownTrace

/// The server's processes as a tree: pid, command, and what each does with the signal that asks it to stop.
struct FamilyPane {
    let scene: Scene

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows >= 3 else { return }
        let tree = scene.board.family.tree
        let inner = canvas.box(rect, title(tree.count), right: rect.columns >= 36 ? signal.name : "")
        let rows = tree.prefix(tree.count > inner.rows ? max(0, inner.rows - 1) : inner.rows)
        if rows.count + 1 < inner.rows { drawSockets(&canvas, inner) }
        for (index, entry) in rows.enumerated() {
            drawRow(&canvas, entry.member, entry.depth, inner.row + index, inner)
        }
        if rows.count < tree.count {
            let more = "\(tree.count - rows.count) more"
            canvas.put(more, inner.bottom - 1, inner.column + 1, Style(.faint), width: inner.columns - 2)
        }
        if tree.isEmpty {
            canvas.put("nobody has looked yet", inner.row, inner.column + 1, Style(.faint), width: inner.columns - 2)
        }
    }

    /// The connections that the kernel counts, where a row is free below the processes.
    private func drawSockets(_ canvas: inout Canvas, _ inner: Rect) {
        guard !scene.board.isUnasked, let sockets = scene.board.family.sockets, !scene.board.process.isGone else {
            return
        }
        let waiting = sockets.waiting > 0 ? ", \(sockets.waiting.grouped) not accepted" : ""
        let connections = sockets.open == 1 ? "connection" : "connections"
        let text = "\(sockets.open.grouped) \(connections), \(sockets.quiet.grouped) quiet\(waiting)"
        canvas.put(
            text, inner.bottom - 1, inner.column + 1, Style(sockets.waiting > 0 ? .risk : .faint),
            width: inner.columns - 2)
    }

    private func title(_ count: Int) -> String {
        let alive = scene.board.family.alive
        return count == 0 ? "processes" : alive == count ? "processes \(count)" : "processes \(alive) of \(count)"
    }

    /// The signal that was sent, or that a key would send.
    private var signal: Signal { scene.signal?.signal ?? .terminate }

    private func drawRow(_ canvas: inout Canvas, _ member: Family.Member, _ depth: Int, _ row: Int, _ inner: Rect) {
        let end = inner.right - 1
        let (word, style) = fate(member, isWide(inner))
        let indent = String(repeating: isWide(inner) ? "  " : " ", count: min(depth, 6))
        let text = "\(indent)\(member.pid) \(member.command)"
        let room = end - inner.column - 2 - canvas.columns(word)
        canvas.put(text, row, inner.column + 1, member.end == nil ? .plain : Style(.faint), width: room)
        canvas.putRight(word, row, from: inner.column + 1, to: end, style)
    }

    private func isWide(_ inner: Rect) -> Bool { inner.columns >= 34 }

    /// How it ended, or what it does with the signal.
    private func fate(_ member: Family.Member, _ isWide: Bool) -> (String, Style) {
        if let end = member.end { return (end.words, Style(.faint)) }
        if member.pid == scene.board.process.pid, let exit = scene.board.process.exit {
            return (exit.status.words, Style(.faint))
        }
        if member.pending.contains(signal) { return (isWide ? "not taken yet" : "pending", Style(.risk)) }
        if signal.isUncatchable { return (isWide ? "cannot catch it" : "uncaught", Style(.faint)) }
        if member.masks.caught.contains(signal) { return (isWide ? "catches it" : "caught", Style(.flight)) }
        if member.masks.ignored.contains(signal) { return (isWide ? "ignores it" : "ignored", Style(.risk)) }
        if member.masks.blocked.contains(signal) { return (isWide ? "blocks it" : "blocked", Style(.risk)) }
        return (signal.asksToStop && isWide ? "dies of it" : "default", Style(.risk))
    }
}
