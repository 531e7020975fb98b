package import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// A whole shutdown as one drawing: who was in flight, what was released when, and how much of each limit was used.
///
/// Time runs to the right, in seconds since the signal, on one scale for requests and resources. Each kind of bar can be
/// told from the others without colour, its end is written beside it, and a legend explains all of them.
package struct Chart {
    let summary: RunSummary
    let colors: ThemeColors
    let clock: SignalClock
    let scale: ChartScale

    var board: Board { summary.board }

    static let width = 960.0
    static let margin = 20.0
    static let plot = (left: 210.0, right: 730.0)
    /// Where the words behind the bars begin.
    static let words = 744.0
    static let row = 20.0

    /// - Parameters:
    ///   - summary: The whole run.
    ///   - theme: The colours.
    package init(_ summary: RunSummary, theme: Theme = .dark) {
        self.summary = summary
        colors = ThemeColors(theme)
        clock = SignalClock(summary.board)
        scale = Self.scale(summary.board, clock)
    }

    /// From the oldest request in flight, but no earlier than the shutdown is long, to a little after the exit.
    private static func scale(_ board: Board, _ clock: SignalClock) -> ChartScale {
        let end = ((board.process.exit?.at ?? board.time) - clock.origin).seconds
        guard let signal = clock.signal else {
            return ChartScale(first: 0, last: max(end, 0.1), left: plot.left, right: plot.right)
        }
        let last = max(end * 1.04, 0.1)
        let oldest = (board.requests.settled.map(\.startedAt).min() ?? signal.at) - signal.at
        let first = -min(max(-oldest.seconds, last / 8), max(last / 2, 2))
        return ChartScale(first: first, last: last, left: plot.left, right: plot.right)
    }

    func x(_ time: Time) -> Double { scale.x((time - clock.origin).seconds) }

    /// The drawing as a document of its own.
    package var svg: String {
        var drawing = Drawing(colors)
        var y = drawHead(&drawing)
        let labels = y
        y += 52
        let top = y - 10
        y = board.isImported ? drawPhases(&drawing, y) : drawLanes(&drawing, y)
        y = drawReleases(&drawing, y)
        drawSignals(&drawing, labels: labels, top: top, bottom: y)
        y = drawAxis(
            &drawing, scale, y, clock.signal.map { "seconds since \($0.signal.name)" } ?? "seconds of the run")
        y = drawLimits(&drawing, y + 20)
        y = drawLegend(&drawing, y + 20)
        return document(drawing.elements, height: y + Self.margin)
    }

    private func document(_ elements: [String], height: Double) -> String {
        let width = number(Self.width)
        let height = number(height.rounded())
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="title desc">
            <title id="title">\(xmlEscaped("\(board.title): \(Judge(board).verdict.word.rawValue)"))</title>
            <desc id="desc">\(xmlEscaped(description))</desc>
            <defs><pattern id="lost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
            <rect width="2.5" height="6" fill="\(colors.color(.loss))"/></pattern></defs>
            <rect width="\(width)" height="\(height)" rx="8" fill="\(colors.background)"/>
            <g font-family="\(FrameSVG.fonts)" font-size="\(number(Drawing.fontSize))" fill="\(colors.foreground)">
            \(elements.joined(separator: "\n"))
            </g>
            </svg>

            """
    }

    /// What the drawing shows, in sentences.
    private var description: String {
        let verdict = Judge(board).verdict
        let evidence = verdict.evidence.map { "\($0.label): \($0.sentence)" }.joined(separator: ". ")
        return "\(verdict.word.rawValue): \(verdict.headline). \(evidence)."
            + RunOrigin(board).sentence
    }

    private func drawHead(_ drawing: inout Drawing) -> Double {
        let verdict = Judge(board).verdict
        let ink: Style.Ink = verdict.word.isGraceful ? .good : .loss
        drawing.text(verdict.word.rawValue, x: Self.margin, y: 38, ink, isBold: true, size: 20)
        let start = Self.margin + Double(verdict.word.rawValue.count) * 12.1 + 18
        drawing.text(board.title, x: start, y: 38, isBold: true, columns: 40, size: 20)
        drawing.text(verdict.headline, x: Self.margin, y: 60)
        return 84
    }

    /// A line down through requests and resources for each signal and for the exit, each with its name above.
    private func drawSignals(_ drawing: inout Drawing, labels: Double, top: Double, bottom: Double) {
        var marks = board.signals.sent.prefix(8).map { sent in
            (
                x: x(sent.at),
                text: sent == clock.signal ? sent.signal.name : "\(sent.signal.name) \(clock.text(sent.at))",
                isExit: false
            )
        }
        if let exit = board.process.exit { marks.append((x(exit.at), "exit \(clock.text(exit.at))", true)) }
        var free = [0.0, 0.0, 0.0]
        for mark in marks { drawing.halo(at: mark.x, from: top, to: bottom) }
        for mark in marks.reversed() {
            drawing.line(
                from: (mark.x, top), to: (mark.x, bottom), .signal, width: mark.isExit ? 1.5 : 3,
                dashes: mark.isExit ? "6 4" : nil)
        }
        for mark in marks.sorted(by: { $0.x < $1.x }) {
            let width = Double(mark.text.count) * Drawing.column
            let start = min(mark.x + 5, Self.width - Self.margin - width)
            guard let row = free.firstIndex(where: { $0 + 10 <= start }) else { continue }
            free[row] = start + width
            let y = labels + 36 - Double(row) * 15
            drawing.text(mark.text, x: start, y: y, .signal, isBold: !mark.isExit)
            drawing.line(from: (mark.x, y + 3), to: (mark.x, top), .signal, width: 1)
        }
    }

    /// A scale with its round numbers, and what they count.
    func drawAxis(_ drawing: inout Drawing, _ scale: ChartScale, _ y: Double, _ unit: String) -> Double {
        drawing.line(from: (scale.left, y), to: (scale.right, y), .faint)
        for tick in scale.ticks {
            let x = scale.x(tick)
            drawing.line(from: (x, y), to: (x, y + 5), .faint)
            let text = number(tick)
            drawing.text(text, x: x, y: y + 18, .faint, anchor: .middle, columns: 10)
        }
        drawing.text(unit, x: Self.margin, y: y + 18, .faint, columns: 23)
        return y + 30
    }

    func heading(_ drawing: inout Drawing, _ text: String, _ y: Double) {
        drawing.text(text, x: Self.margin, y: y, isBold: true)
    }
}
