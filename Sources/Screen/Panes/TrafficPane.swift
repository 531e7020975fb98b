internal import ShutdownBoard
internal import ShutdownTrace

/// All requests of the run: how many a second, how fast, and what became of them, each fate apart.
struct TrafficPane {
    let scene: Scene

    private var traffic: Traffic { scene.board.traffic }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        if scene.board.isUnasked { return drawSockets(&canvas, rect) }
        let inner = canvas.box(rect, "traffic")
        guard inner.rows > 0 else { return }
        if inner.rows == 1 {
            let end = drawSparks(&canvas, inner.row, inner.column + 1, count: 10)
            drawFates(&canvas, inner.row, end + 1, width: inner.right - end - 2)
            return
        }
        var column = canvas.put("answers/s ", inner.row, inner.column + 1, Style(.faint))
        column = drawSparks(&canvas, inner.row, column, count: min(Traffic.seconds, max(10, inner.columns - 66)))
        canvas.put(numbers, inner.row, column + 1, width: inner.right - column - 2)
        drawFates(&canvas, inner.row + 1, inner.column + 1, width: inner.columns - 2)
        if inner.rows > 2 { drawAfterSignal(&canvas, inner) }
    }

    /// As one line without a frame.
    func drawLine(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        if scene.board.isUnasked { return drawCounts(&canvas, rect.row, rect.column + 1, width: rect.columns - 1) }
        drawFates(&canvas, rect.row, rect.column + 1, width: rect.columns - 1)
    }

    /// The connections that the kernel counts, where no client of this program asks the server.
    private func drawSockets(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = canvas.box(rect, "sockets")
        guard inner.rows > 0 else { return }
        drawCounts(&canvas, inner.row, inner.column + 1, width: inner.columns - 2)
        guard inner.rows > 1, scene.canAsk else { return }
        let texts = [
            "whoever connects to it is seen here; with --url URL, clients of this run ask it and tell their fates",
            "whoever connects is seen here; --url URL makes clients of its own", "--url URL makes clients of its own",
        ]
        let text = texts.first { canvas.columns($0) <= inner.columns - 2 } ?? ""
        canvas.put(text, inner.row + 1, inner.column + 1, Style(.faint), width: inner.columns - 2)
    }

    private func drawCounts(_ canvas: inout Canvas, _ row: Int, _ column: Int, width: Int) {
        let sockets = scene.phase == .gone ? nil : scene.board.family.sockets
        let counts: [Item] = [
            ("open", sockets?.open ?? 0, .good), ("quiet", sockets?.quiet ?? 0, .good),
            ("not accepted", sockets?.waiting ?? 0, .risk), ("bytes unread", sockets?.unread ?? 0, .risk),
            ("unsent", sockets?.unsent ?? 0, .risk),
        ]
        draw(counts, &canvas, row, column, width: width, leastGap: 2) { $0.ink == .risk }
    }

    /// A number with its word, in an ink that it has unless it is 0 or good.
    private typealias Item = (word: String, count: Int, ink: Style.Ink)

    /// As many as fit: where there is little room, zeros that may be missing are left out.
    private func draw(
        _ items: [Item], _ canvas: inout Canvas, _ row: Int, _ start: Int, width: Int, leastGap: Int,
        mayMiss: (Item) -> Bool = { _ in true }
    ) {
        var shown = items
        func length(_ gap: Int) -> Int { shown.reduce(-gap) { $0 + $1.word.count + 1 + $1.count.grouped.count + gap } }
        while length(leastGap) > width, shown.count > 2,
            let last = shown.lastIndex(where: { $0.count == 0 && mayMiss($0) })
        {
            shown.remove(at: last)
        }
        // Of what was no loss, the sum is said where there is no room for each.
        while length(leastGap) > width, shown.count > 2,
            let last = shown.lastIndex(where: { $0.ink != .loss && $0.ink != .good }),
            let before = shown[..<last].lastIndex(where: { $0.ink != .loss && $0.ink != .good })
        {
            shown[before] = ("other", shown[before].count + shown[last].count, .risk)
            shown.remove(at: last)
        }
        if length(leastGap) > width, let last = shown.lastIndex(where: { $0.ink != .loss && $0.ink != .good }) {
            shown.remove(at: last)
        }
        let gap = length(3) <= width ? 3 : length(2) <= width ? 2 : 1
        var column = start
        let end = start + max(0, width)
        for (index, item) in shown.enumerated() {
            if index > 0 { column += gap }
            let style = item.count > 0 && item.ink != .good ? Style(item.ink, item.ink == .loss ? .bold : []) : .plain
            column = canvas.put("\(item.word) \(item.count.grouped)", row, column, style, width: end - column)
        }
    }

    /// A column for each of the last whole seconds; the highest is as high as the row.
    private func drawSparks(_ canvas: inout Canvas, _ row: Int, _ column: Int, count: Int) -> Int {
        let rates = rates(count)
        let highest = Double(max(1, rates.max() ?? 1))
        for (index, rate) in rates.enumerated() {
            canvas.set(row, column + index, scene.glyphs.spark(Double(rate) / highest), Style(.flight))
        }
        return column + count
    }

    /// Answers in each of the last seconds that are over, the latest at the end.
    private func rates(_ count: Int) -> [Int] {
        let second = Time.seconds(1)
        return (0..<count).reversed().map { back in
            traffic.rate(at: Time(microseconds: scene.now.microseconds - Int64(back) * second.microseconds))
        }
    }

    private var numbers: String {
        let rate = traffic.rate(at: scene.now).grouped.padded(left: 5)
        let median = traffic.percentile(50).map(\.words) ?? "–"
        let tail = traffic.percentile(99).map(\.words) ?? "–"
        return "\(rate)/s   p50 \(median.padded(left: 6))   p99 \(tail.padded(left: 6))"
    }

    /// The fates that are always shown, and those that are shown once they happened.
    private var fates: [Item] {
        let always: [Item] = [
            ("ok", traffic.count(.answered), .good), ("503", traffic.count(.unavailable), .risk),
            ("refused", traffic.count(.refused), .risk), ("reset", traffic.count(.resetUnanswered), .loss),
            ("cut", traffic.count(.cut), .loss), ("no answer", traffic.count(.closedUnanswered), .loss),
        ]
        let rare: [Item] = [
            ("bad", traffic.count(.failed), .loss), ("timed out", traffic.count(.timedOut), .loss),
            ("pipe broke", traffic.count(.brokenPipe), .loss), ("reset early", traffic.count(.resetEarly), .risk),
            ("no connect", traffic.count(.connectTimedOut), .risk), ("not taken", traffic.count(.notTaken), .risk),
            ("no HTTP", traffic.count(.garbled), .loss), ("unmarked", traffic.count(.unmarked), .good),
        ]
        let diverted = scene.board.rotation.diverted
        return always + rare.filter { $0.count > 0 } + (diverted > 0 ? [("elsewhere", diverted, .normal)] : [])
    }

    /// The fates that fit: zeros are left out, losses never.
    private func drawFates(_ canvas: inout Canvas, _ row: Int, _ start: Int, width: Int) {
        draw(fates, &canvas, row, start, width: width, leastGap: 1)
    }

    private func drawAfterSignal(_ canvas: inout Canvas, _ inner: Rect) {
        let fates = traffic.fatesAfterSignal
        guard scene.signal != nil, !fates.isEmpty else { return }
        let text = "begun after the signal: \(fates.words)"
        canvas.put(text, inner.row + 2, inner.column + 1, Style(.faint), width: inner.columns - 2)
    }
}
