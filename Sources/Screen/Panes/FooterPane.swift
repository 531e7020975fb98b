internal import ShutdownBoard

/// The keys that work now, from the same table that makes them work.
struct FooterPane {
    let scene: Scene
    let size: Size

    private typealias Item = (name: String, key: Key, label: String, yields: Int)

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        if scene.view.overlay == .filterPrompt { return drawPrompt(&canvas, rect) }
        if let notice = scene.view.notice {
            canvas.put(notice, rect.row, rect.column + 1, Style(.normal, .bold), width: rect.columns - 2)
            return
        }
        let width = rect.columns - 2
        var left = items(.left, isLong: rect.columns >= 100)
        let right = items(.right, isLong: true)
        // Where the row is full, keys that yield are dropped first, then the last ones; the key to leave stays.
        let gap = rect.columns >= 100 ? 3 : 2
        if rect.columns < 48 { return drawKeys(&canvas, rect, left + right) }
        while length(left, gap, canvas) + length(right, gap, canvas) + gap > width, !left.isEmpty { Self.drop(&left) }
        draw(&canvas, left, rect.row, rect.column + 1, gap)
        draw(&canvas, right, rect.row, max(rect.column + 1, rect.right - 1 - length(right, gap, canvas)), gap)
    }

    private func items(_ side: Binding.Side, isLong: Bool) -> [Item] {
        let situation = Situation(board: scene.board, now: scene.now, size: size, transport: scene.view.transport)
        return Keymap.bindings(for: scene.view.overlay, ofPair: scene.view.comparison != nil).compactMap { binding in
            guard binding.side == side, binding.works(scene.view, situation),
                let label = binding.label(scene.view, situation)
            else { return nil }
            let name = binding.name.split(separator: " ").first.map(String.init) ?? binding.name
            return (name, binding.keys[0], isLong ? label.long : label.short, binding.yields)
        }
    }

    private static func drop(_ items: inout [Item]) {
        let last = items.indices.max { (items[$0].yields, $0) < (items[$1].yields, $1) }
        if let last { items.remove(at: last) }
    }

    private func length(_ items: [Item], _ gap: Int, _ canvas: Canvas) -> Int {
        items.reduce(-gap) { $0 + canvas.columns($1.name) + 1 + canvas.columns($1.label) + gap }
    }

    private func draw(_ canvas: inout Canvas, _ items: [Item], _ row: Int, _ start: Int, _ gap: Int) {
        var column = start
        for item in items {
            let start = column
            column = canvas.put(item.name, row, column, Style(.normal, .bold))
            column = canvas.put(" \(item.label)", row, column, Style(.faint))
            canvas.targets.add(.key(item.key), Rect(row: row, column: start, rows: 1, columns: column - start))
            column += gap
        }
    }

    /// The keys without words, where there is no room for them.
    private func drawKeys(_ canvas: inout Canvas, _ rect: Rect, _ items: [Item]) {
        let keep = items.suffix(2)
        var rest = Array(items.dropLast(2))
        func width(_ items: some Sequence<Item>) -> Int { items.reduce(0) { $0 + canvas.columns($1.name) + 1 } }
        while width(rest) + width(keep) > rect.columns - 1, !rest.isEmpty { rest.removeLast() }
        var column = rect.column + 1
        for item in rest + keep {
            let end = canvas.put(
                item.name, rect.row, column, Style(.normal, .bold), width: max(0, rect.right - column))
            canvas.targets.add(.key(item.key), Rect(row: rect.row, column: column, rows: 1, columns: end - column))
            column = end + 1
        }
    }

    private func drawPrompt(_ canvas: inout Canvas, _ rect: Rect) {
        let end = canvas.put("filter: \(scene.view.filter)", rect.row, rect.column + 1, width: rect.columns - 2)
        canvas.set(rect.row, end, " ", Style(.normal, .reverse))
        let keys = items(.left, isLong: true)
        let width = length(keys, 3, canvas)
        guard end + 3 + width < rect.right else { return }
        draw(&canvas, keys, rect.row, rect.right - 1 - width, 3)
    }
}
