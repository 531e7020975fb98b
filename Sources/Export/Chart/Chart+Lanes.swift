internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// The requests around the signal: one lane each, which ends in its fate.
extension Chart {
    /// Lanes at most; the rest is counted.
    static let mostLanes = 24

    /// The requests that were in flight at the signal, or came after it and were lost.
    private var lanes: [Lane] {
        let open = board.requests.inFlight.values.filter(\.wasInFlightAtSignal)
        return board.requests.settled + open + board.requests.lost.filter { !$0.wasInFlightAtSignal }
    }

    /// Losses first, then the oldest; in the order of their start.
    private var chosen: [Lane] {
        let order = lanes.sorted { left, right in
            let isLost = isLoss(left)
            let isOtherLost = isLoss(right)
            return isLost != isOtherLost ? isLost : (left.startedAt, left.id) < (right.startedAt, right.id)
        }
        return order.prefix(Self.mostLanes).sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }

    private func isLoss(_ lane: Lane) -> Bool { lane.end?.fate.isLoss ?? true }

    func drawLanes(_ drawing: inout Drawing, _ start: Double) -> Double {
        var y = start
        let chosen = chosen
        let count = board.requests.countAtSignal.grouped
        heading(&drawing, clock.signal.map { "\(count) in flight at \($0.signal.name)" } ?? "in flight", y - 14)
        for lane in chosen {
            draw(lane, &drawing, y)
            y += Self.row
        }
        if chosen.isEmpty {
            drawing.text("no request was in flight", x: Self.margin, y: y + 11, .faint)
            y += Self.row
        }
        if let rest = rest(of: chosen) {
            drawing.text(rest, x: Self.margin, y: y + 11, .faint)
            y += Self.row
        }
        return y + 8
    }

    private func draw(_ lane: Lane, _ drawing: inout Drawing, _ y: Double) {
        let end = lane.end?.at ?? board.process.exit?.at ?? board.time
        let (fill, ink) = look(lane.end?.fate)
        drawing.text(lane.label, x: Self.margin, y: y + 11, columns: 23)
        let left = x(lane.startedAt)
        let right = x(end)
        let isOlder = (lane.startedAt - clock.origin).seconds < scale.first
        drawing.bar(from: isOlder ? left + 8 : left, to: right, y: y, fill, ink)
        if isOlder { drawing.arrow(tip: left, y: y + 6, ink) }
        drawing.text(
            "\(mark(lane)) \(words(lane))", x: Self.words, y: y + 11, isLoss(lane) ? .loss : .normal, columns: 14)
        drawing.text((end - lane.startedAt).words, x: Self.width - Self.margin, y: y + 11, anchor: .end, columns: 10)
    }

    private func look(_ fate: Fate?) -> (Drawing.Fill, Style.Ink) {
        switch fate {
        case .answered?, .unmarked?: (.solid, .flight)
        case .failed?, .unavailable?, .refused?, .resetEarly?, .connectTimedOut?, .notTaken?: (.outlined, .risk)
        case .closedUnanswered?, .resetUnanswered?, .cut?, .garbled?, .timedOut?, .brokenPipe?, nil: (.hatched, .loss)
        }
    }

    private func mark(_ lane: Lane) -> String {
        switch lane.end?.fate {
        case .answered?, .unmarked?: "✓"
        case let fate? where !fate.isLoss: "◌"
        default: "✗"
        }
    }

    private func words(_ lane: Lane) -> String {
        guard let fate = lane.end?.fate else { return "never ended" }
        return fate == .answered ? lane.status.map(String.init) ?? fate.words : fate.words
    }

    /// "and 118 more: 117 answered, 1 cut".
    private func rest(of chosen: [Lane]) -> String? {
        var counts = board.requests.fatesAtSignal
        for lane in lanes where !lane.wasInFlightAtSignal {
            if let fate = lane.end?.fate { counts[fate, default: 0] += 1 }
        }
        for lane in chosen { if let fate = lane.end?.fate { counts[fate, default: 0] -= 1 } }
        let open = lanes.count { $0.end == nil } - chosen.count { $0.end == nil }
        let parts = Fate.allCases.compactMap { fate in
            counts[fate].flatMap { $0 > 0 ? "\($0.grouped) \(fate.words)" : nil }
        }
        let total = counts.values.reduce(0) { $0 + max(0, $1) } + open
        guard total > 0 else { return nil }
        return "and \(total.grouped) more: "
            + (parts + (open > 0 ? ["\(open.grouped) never ended"] : [])).joined(separator: ", ")
    }
}
