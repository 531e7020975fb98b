internal import ShutdownBoard
internal import ShutdownTrace

/// The run from its start to its end in one line, with the position of the screen.
struct TimelineBar {
    let scene: Scene
    let transport: Transport

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let edge = rect.right - 1
        let room = rect.columns - 2
        let shortest = canvas.columns(numbers.last ?? "")
        let state = states.first { canvas.columns($0) + shortest + 2 <= room } ?? ""
        // The bar has at least a third of the row before the numbers become longer.
        let rest = room - canvas.columns(state) - (state.isEmpty ? 0 : 2)
        let text = canvas.fitting(numbers, rest * 2 / 3 - 2)
        let start = canvas.put(state, rect.row, rect.column + 1, Style(.normal, .bold), width: room)
        let numbersAt = edge - canvas.columns(text)
        canvas.put(text, rect.row, max(start, numbersAt), .plain, width: edge - max(start, numbersAt))
        let from = start + (state.isEmpty ? 0 : 2)
        if numbersAt - 2 - from >= 8 { drawBar(&canvas, rect.row, from..<(numbersAt - 2)) }
    }

    /// The motion as a word, its glyph, and the speed.
    private var states: [String] {
        let (word, glyph) = state
        let speed = transport.motion == .playing || transport.speed != "1×" ? " \(speedText)" : ""
        // All words are padded to one width, so that the bar does not move.
        let padded = word.padded(right: max(7, word.count))
        return ["\(padded) \(glyph)\(speed.padded(right: 6))", "\(word) \(glyph)\(speed)", "\(word)\(speed)", word]
    }

    private var state: (word: String, glyph: String) {
        let glyphs = scene.glyphs
        switch transport.motion {
        case .playing: return ("PLAYING", glyphs.cursor)
        case .pinned: return ("FOLLOWING", glyphs.cursor)
        case .still where transport.isAtEnd && transport.isOver && transport.progress == nil:
            return transport.origin == .stream ? ("END OF INPUT", glyphs.stop) : ("END", glyphs.stop)
        case .still: return ("PAUSED", glyphs.pause)
        }
    }

    private var speedText: String { scene.glyphs.isUTF8 ? transport.speed : transport.speed.replacing("×", with: "x") }

    /// The texts for the position, the longest first.
    private var numbers: [String] {
        if let zero = transport.zero { return Self.numbers(transport.position - zero, of: transport.end - zero) }
        let position = transport.position.tenths
        let end = "\(position) of \(transport.end.tenths) s"
        var notes: [String] = []
        if let progress = transport.progress { notes.append("reading \(Int(progress * 100)) %") }
        if transport.problems > 0 { notes.append(counted(transport.problems, "problem")) }
        let note = notes.map { "  \($0)" }.joined()
        let event = "event \(transport.event.grouped) of \(transport.events.grouped)"
        return ["\(event)  \(end)\(note)", "\(end)\(note)", end, "\(position) s"]
    }

    /// The same on a clock that starts later than the run.
    private static func numbers(_ position: Time, of end: Time) -> [String] {
        func signed(_ time: Time) -> String { time.decimals(1, isSigned: true) }
        let both = "\(signed(position)) of \(signed(end)) s"
        return ["\(both) since the signal", both, "\(signed(position)) s"]
    }

    private func drawBar(_ canvas: inout Canvas, _ row: Int, _ columns: Range<Int>) {
        let here = column(transport.position, columns)
        for column in columns {
            let cell = Rect(row: row, column: column, rows: 1, columns: 1)
            canvas.targets.add(.moment(moment(at: column, columns)), cell)
            let isPassed = column <= here
            canvas.set(row, column, isPassed ? glyphs.barPassed : glyphs.barAhead, isPassed ? .plain : Style(.faint))
        }
        for phase in transport.phases { put(&canvas, glyphs.phaseTick, phase, row, columns, Style(.faint)) }
        for signal in transport.signals { put(&canvas, glyphs.signalLine, signal, row, columns, Style(.signal, .bold)) }
        for mark in transport.marks { put(&canvas, glyphs.mark, mark, row, columns, Style(.normal, .bold)) }
        canvas.set(row, here, glyphs.here, Style(.normal, .bold))
    }

    private var glyphs: Glyphs { scene.glyphs }

    private func put(
        _ canvas: inout Canvas, _ glyph: Unicode.Scalar, _ time: Time, _ row: Int, _ columns: Range<Int>, _ style: Style
    ) {
        canvas.set(row, column(time, columns), glyph, style)
    }

    /// The moment that a column stands for.
    private func moment(at column: Int, _ columns: Range<Int>) -> Time {
        guard columns.count > 1 else { return transport.end }
        let share = Double(column - columns.lowerBound) / Double(columns.count - 1)
        return Time(microseconds: Int64(share * Double(transport.end.microseconds)))
    }

    /// The column of a moment; the first and the last are the start and the end.
    private func column(_ time: Time, _ columns: Range<Int>) -> Int {
        guard transport.end > .zero else { return columns.lowerBound }
        let share = min(1, max(0, time.seconds / transport.end.seconds))
        return columns.lowerBound + Int((share * Double(columns.count - 1)).rounded())
    }
}
