internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// What the bars and lines of a chart mean, in words.
extension Chart {
    func drawLegend(_ drawing: inout Drawing, _ start: Double) -> Double {
        heading(&drawing, "how to read it", start + 8)
        var y = start + 22
        let half = Self.width / 2
        for (index, entry) in (board.isImported ? Self.logEntries : Self.entries).enumerated() {
            let x = index % 2 == 0 ? Self.margin : half
            if index > 0, index % 2 == 0 { y += Self.row }
            switch entry.sample {
            case .bar(let fill, let ink): drawing.bar(from: x, to: x + 40, y: y, fill, ink)
            case .signal: drawing.line(from: (x + 20, y - 1), to: (x + 20, y + 13), .signal, width: 3)
            case .exit: drawing.line(from: (x + 20, y - 1), to: (x + 20, y + 13), .signal, width: 1.5, dashes: "6 4")
            case .older: drawing.arrow(tip: x + 16, y: y + 6, .flight)
            }
            drawing.text(entry.words, x: x + 54, y: y + 11, columns: 52)
        }
        return y + Self.row
    }

    private enum Sample {
        case bar(Drawing.Fill, Style.Ink)
        case signal, exit, older
    }

    private static let entries: [(sample: Sample, words: String)] = [
        (.bar(.solid, .flight), "a request until its whole answer; a limit's use"),
        (.bar(.hatched, .loss), "lost: cut, reset, never answered, never done"),
        (.bar(.outlined, .risk), "turned away: 503, refused, or an error"),
        (.bar(.solid, .normal), "a resource while it is released"),
        (.bar(.dotted, .normal), "a resource that takes nothing new any more"),
        (.bar(.outlined, .faint), "what a limit allows"),
        (.signal, "a signal was sent"),
        (.exit, "the process was gone"),
        (.older, "began before the left edge"),
    ]

    /// What the marks of a log's chart mean.
    private static let logEntries: [(sample: Sample, words: String)] = [
        (.bar(.outlined, .normal), "a phase, from line to line"),
        (.bar(.solid, .normal), "a resource while it is released"),
        (.bar(.hatched, .loss), "a release that failed or never ended"),
        (.signal, "a signal was sent"),
        (.exit, "the process was gone"),
    ]
}
