package import Screen
package import ShutdownBoard
package import ShutdownTrace

/// One frame as an SVG picture: text that can be selected, on an exact grid, with lines and bars drawn sharp.
///
/// A column is 9 units wide and a row 18 units high, whole numbers, so that lines meet. Every run of text has its own
/// place and length, so that no font can shift what stands behind it. Frames and bars are shapes; their characters are
/// there too, without ink, so that a copy of the picture's text is the text of the frame.
package struct FrameSVG {
    static let cell = (width: 9, height: 18)
    static let margin = 12
    static let fontSize = 15
    static let fonts =
        "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', 'Liberation Mono', Consolas, 'Courier New', monospace"

    let frame: Frame
    let title: String
    let description: String
    private let colors: ThemeColors

    /// - Parameters:
    ///   - frame: What is shown.
    ///   - board: The run's last board, for the title and its description in words.
    ///   - moment: When the frame was taken, since the start of the run.
    ///   - theme: The colours.
    package init(_ frame: Frame, of board: Board, at moment: Time, theme: Theme = .dark) {
        self.frame = frame
        title = "\(board.title), \(board.stopSignal.words(beside: moment))"
        let lines = frame.lines.prefix(2).map { $0.split(separator: " ").joined(separator: " ") }
        description =
            "The dashboard: \(lines.joined(separator: "; ")). In the end: \(Judge(board).verdict.headline)."
            + RunOrigin(board).sentence
        colors = ThemeColors(theme)
    }

    /// The picture as a document of its own.
    package var svg: String {
        let width = frame.size.columns * Self.cell.width + 2 * Self.margin
        let height = frame.size.rows * Self.cell.height + 2 * Self.margin
        var backs: [String] = []
        var texts: [String] = []
        var shapes = Shapes()
        for row in 0..<frame.size.rows {
            let runs = TextRun.runs(of: frame, row: row)
            for run in runs { draw(run, row, &backs, &shapes) }
            if !runs.isEmpty { texts.append(line(runs, row)) }
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="title desc">
            <title id="title">\(xmlEscaped(title))</title>
            <desc id="desc">\(xmlEscaped(description))</desc>
            <style>text{white-space:pre}</style>
            <rect width="\(width)" height="\(height)" rx="8" fill="\(colors.background)"/>
            <g transform="translate(\(Self.margin) \(Self.margin))">
            \((backs + shapes.elements).joined(separator: "\n"))
            <g font-family="\(Self.fonts)" font-size="\(Self.fontSize)" fill="\(colors.foreground)">
            \(texts.joined(separator: "\n"))
            </g>
            </g>
            </svg>

            """
    }

    private func draw(_ run: TextRun, _ row: Int, _ backs: inout [String], _ shapes: inout Shapes) {
        let look = colors.look(run.style)
        if let color = look.background {
            let x = run.column * Self.cell.width
            let y = row * Self.cell.height
            let width = run.columns * Self.cell.width
            backs.append(
                #"<rect x="\#(x)" y="\#(y)" width="\#(width)" height="\#(Self.cell.height)" fill="\#(color)"/>"#)
        }
        guard case .drawn(let scalar) = run.kind, let shape = BoxShape(scalar) else { return }
        shapes.add(shape, column: run.column, columns: run.columns, row: row, color: look.color)
    }

    private func line(_ runs: [TextRun], _ row: Int) -> String {
        let y = row * Self.cell.height + 14
        return #"<text y="\#(y)" xml:space="preserve">"# + runs.map(span).joined() + "</text>"
    }

    private func span(_ run: TextRun) -> String {
        if run.kind == .gap { return run.text }
        let look = colors.look(run.style)
        var attributes = #"x="\#(run.column * Self.cell.width)""#
        if run.text.unicodeScalars.count > 1 || run.columns > 1 {
            attributes += #" textLength="\#(run.columns * Self.cell.width)" lengthAdjust="spacingAndGlyphs""#
        }
        if case .drawn = run.kind {
            attributes += #" fill="none""#
        } else {
            if look.color != colors.foreground { attributes += #" fill="\#(look.color)""# }
            if look.isBold { attributes += #" font-weight="bold""# }
            if look.isUnderlined { attributes += #" text-decoration="underline""# }
        }
        return "<tspan \(attributes)>\(xmlEscaped(run.text))</tspan>"
    }
}

/// The lines and bars of a frame, as elements of SVG.
struct Shapes {
    private(set) var elements: [String] = []

    mutating func add(_ shape: BoxShape, column: Int, columns: Int, row: Int, color: String) {
        let width = Double(FrameSVG.cell.width)
        let height = Double(FrameSVG.cell.height)
        let x = Double(column) * width
        let y = Double(row) * height
        let length = Double(columns) * width
        switch shape {
        case .across(let thickness): rect(x, y + (height - thickness) / 2 - 0.5, length, thickness, color)
        case .shade: rect(x, y + 2, length, height - 4, color, more: #" fill-opacity="0.22""#)
        case .left(1): rect(x, y + 2, length, height - 4, color)
        case .left(let share):
            for index in 0..<columns { rect(x + Double(index) * width, y + 2, width * share, height - 4, color) }
        case .bottom(let share):
            let top = (height - 3) * share
            for index in 0..<columns { rect(x + Double(index) * width, y + height - 1 - top, width - 1, top, color) }
        case .down(let thickness, let dashes):
            let dash = height / Double(dashes)
            for index in 0..<(columns * dashes) {
                let left = x + Double(index / dashes) * width + (width - thickness) / 2
                rect(left, y + Double(index % dashes) * dash, thickness, dashes == 1 ? dash : dash / 2, color)
            }
        case .corner(let right, let down):
            for index in 0..<columns { corner(x + Double(index) * width, y, right: right, down: down, color) }
        }
    }

    private mutating func rect(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String, more: String = ""
    ) {
        elements.append(
            #"<rect x="\#(number(x))" y="\#(number(y))" width="\#(number(width))" height="\#(number(height))" "#
                + #"fill="\#(color)"\#(more)/>"#)
    }

    /// From the middle of one side to the middle of another, rounded.
    private mutating func corner(_ x: Double, _ y: Double, right: Bool, down: Bool, _ color: String) {
        let width = Double(FrameSVG.cell.width)
        let height = Double(FrameSVG.cell.height)
        let middle = x + width / 2
        let centre = y + height / 2 - 0.5
        let side = right ? x + width : x
        let end = down ? y + height : y
        let path =
            "M\(number(side)) \(number(centre))Q\(number(middle)) \(number(centre)) \(number(middle)) "
            + "\(number(centre + (down ? 4.5 : -4.5)))V\(number(end))"
        elements.append(#"<path d="\#(path)" fill="none" stroke="\#(color)"/>"#)
    }
}
