internal import DequeModule
internal import ShutdownBoard
internal import ShutdownTrace

/// The events in words.
///
/// The pane follows the end until a person scrolls.
struct EventsPane {
    let scene: Scene

    private var feed: Feed { scene.board.feed }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = canvas.box(rect, title, right: right, rightStyle: rightStyle)
        canvas.targets.add(.events, rect)
        drawLines(&canvas, inner)
    }

    /// Draws the lines without a frame.
    func drawLines(_ canvas: inout Canvas, _ rect: Rect) {
        canvas.targets.add(.events, rect)
        let lines = EventList(feed, filter: scene.view.filter).visible(top: scene.view.eventsTop, rows: rect.rows)
        for (index, line) in lines.enumerated() { drawLine(&canvas, line, rect.row + index, rect) }
        if lines.isEmpty, rect.rows > 0 {
            let text = scene.view.filter.isEmpty ? "nothing has happened yet" : "no event has this text"
            canvas.put(text, rect.row, rect.column + 1, Style(.faint), width: rect.columns - 1)
        }
    }

    private func drawLine(_ canvas: inout Canvas, _ line: Feed.Line, _ row: Int, _ rect: Rect) {
        let isWide = rect.columns >= 70
        let end = rect.right - 1
        let time = scene.clock(line.time).padded(left: isWide ? 8 : 7)
        var column = canvas.put(time, row, rect.column, Style(.faint), width: rect.columns)
        if rect.columns >= 44 {
            column = canvas.put(isWide ? "  " : " ", row, column)
            column = canvas.put(
                line.source.rawValue.padded(right: isWide ? 12 : 11), row, column, Style(.faint), width: end - column)
        } else {
            column += 1
        }
        let text = line.isInferred ? "\(line.text) (inferred)" : line.text
        canvas.put(text, row, column, style(line.weight), width: max(0, end - column))
    }

    private func style(_ weight: Feed.Line.Weight) -> Style {
        switch weight {
        case .quiet: Style(.faint)
        case .normal: .plain
        case .signal: Style(.signal, .bold)
        case .risk: Style(.risk)
        case .loss: Style(.loss)
        }
    }

    private var title: String {
        let filter = scene.view.filter
        return filter.isEmpty ? "events" : "events with \"\(printable(filter, width: 20))\""
    }

    /// Missing and impossible events, then the position in the list.
    private var right: String {
        let anomalies = scene.board.anomalies
        let missing = anomalies.missing.values.reduce(0, +)
        var parts: [String] = []
        if missing > 0 { parts.append("\(missing.grouped) missing") }
        if anomalies.total > 0 { parts.append("\(anomalies.total.grouped) impossible") }
        if let top = scene.view.eventsTop {
            parts.append("from \(max(top - feed.forgotten, 0) + 1) of \(feed.lines.count.grouped), Esc follows")
        }
        return parts.joined(separator: ", ")
    }

    private var rightStyle: Style {
        let anomalies = scene.board.anomalies
        if anomalies.total > 0 || !anomalies.missing.isEmpty { return Style(.risk) }
        return scene.view.eventsTop == nil ? Style(.faint) : Style(.normal, .bold)
    }
}

/// The lines of the feed that have the filter's text, and the pages of them.
///
/// A line's number counts all lines since the start, so it stays the same when old lines are dropped.
struct EventList {
    let feed: Feed
    let filter: String

    init(_ feed: Feed, filter: String) {
        self.feed = feed
        self.filter = filter.lowercased()
    }

    private var numbers: Range<Int> { feed.forgotten..<(feed.forgotten + feed.lines.count) }

    private func matches(_ number: Int) -> Bool {
        filter.isEmpty || line(number).text.lowercased().contains(filter)
            || line(number).source.rawValue.contains(filter)
    }

    private func line(_ number: Int) -> Feed.Line { feed.lines[number - feed.forgotten] }

    /// Whether there are more lines than a pane of so many rows shows.
    func isLonger(than rows: Int) -> Bool { numbers.first(where: matches).map { $0 < lastTop(rows: rows) } ?? false }

    /// The lines to show from `top`, or the last ones; a page is full as long as there are enough lines.
    func visible(top: Int?, rows: Int) -> [Feed.Line] {
        guard rows > 0 else { return [] }
        let start = top.map { min($0, lastTop(rows: rows)) } ?? lastTop(rows: rows)
        var lines: [Feed.Line] = []
        for number in numbers.clamped(to: start..<Int.max) where matches(number) {
            lines.append(line(number))
            if lines.count == rows { break }
        }
        return lines
    }

    /// The first line of the last page.
    func lastTop(rows: Int) -> Int {
        var found = 0
        for number in numbers.reversed() where matches(number) {
            found += 1
            if found >= rows { return number }
        }
        return numbers.lowerBound
    }

    /// The top after a move by so many lines from `top`; nil follows the end.
    func moved(from top: Int?, by count: Int, rows: Int) -> Int? {
        let last = lastTop(rows: rows)
        var number = min(max(top ?? last, numbers.lowerBound), last)
        var left = abs(count)
        let step = count < 0 ? -1 : 1
        var at = number + step
        while left > 0, numbers.contains(at) {
            if matches(at) {
                number = at
                left -= 1
            }
            at += step
        }
        return number >= last ? nil : number
    }
}
