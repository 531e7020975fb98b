internal import Screen
internal import ShutdownTrace

/// A sheet on which a chart is drawn, as elements of SVG in the order of their drawing.
struct Drawing {
    let colors: ThemeColors
    private(set) var elements: [String] = []

    /// The height of the text, in units; a column of it is ``column`` wide.
    static let fontSize = 13.0
    static let column = 7.8

    init(_ colors: ThemeColors) {
        self.colors = colors
    }

    /// How a bar is filled; each can be told from the others without colour.
    enum Fill {
        case solid, hatched, outlined, dotted
    }

    /// Where text stands at its place.
    enum Anchor: String {
        case start, middle, end
    }

    mutating func bar(
        from left: Double, to right: Double, y: Double, height: Double = 12, _ fill: Fill, _ ink: Style.Ink
    ) {
        let width = max(2, right - left)
        let color = colors.color(ink)
        let place = #"x="\#(number(left))" y="\#(number(y))" width="\#(number(width))" height="\#(number(height))""#
        switch fill {
        case .solid: elements.append(#"<rect \#(place) fill="\#(color)"/>"#)
        case .hatched: elements.append(#"<rect \#(place) fill="url(#lost)" stroke="\#(color)"/>"#)
        case .outlined: elements.append(#"<rect \#(place) fill="none" stroke="\#(color)"/>"#)
        case .dotted: line(from: (left, y + height / 2), to: (right, y + height / 2), ink, width: 2, dashes: "2 4")
        }
    }

    mutating func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ ink: Style.Ink, width: Double = 1,
        dashes: String? = nil
    ) {
        let pattern = dashes.map { #" stroke-dasharray="\#($0)""# } ?? ""
        elements.append(
            #"<line x1="\#(number(start.x))" y1="\#(number(start.y))" x2="\#(number(end.x))" y2="\#(number(end.y))" "#
                + #"stroke="\#(colors.color(ink))" stroke-width="\#(number(width))"\#(pattern)/>"#)
    }

    /// Clears a narrow run, so that a line stands out from the bars that it crosses.
    mutating func halo(at x: Double, from top: Double, to bottom: Double) {
        let place = #"x="\#(number(x - 3.5))" y="\#(number(top))" width="7" height="\#(number(bottom - top))""#
        elements.append(#"<rect \#(place) fill="\#(colors.background)"/>"#)
    }

    /// A small triangle whose tip points to the left.
    mutating func arrow(tip x: Double, y: Double, _ ink: Style.Ink) {
        let points = "\(number(x)),\(number(y)) \(number(x + 7)),\(number(y - 6)) \(number(x + 7)),\(number(y + 6))"
        elements.append(#"<polygon points="\#(points)" fill="\#(colors.color(ink))"/>"#)
    }

    /// Text on one line, cut with an ellipsis where it is wider than so many columns.
    mutating func text(
        _ text: String, x: Double, y: Double, _ ink: Style.Ink = .normal, isBold: Bool = false, anchor: Anchor = .start,
        columns: Int = 120, size: Double = fontSize
    ) {
        var attributes = #"x="\#(number(x))" y="\#(number(y))""#
        if ink != .normal { attributes += #" fill="\#(colors.color(ink))""# }
        if isBold { attributes += #" font-weight="bold""# }
        if anchor != .start { attributes += #" text-anchor="\#(anchor.rawValue)""# }
        if size != Self.fontSize { attributes += #" font-size="\#(number(size))""# }
        elements.append("<text \(attributes)>\(xmlEscaped(printable(text, width: columns)))</text>")
    }
}

/// Which moment stands where, and where the round numbers are.
struct ChartScale {
    let first: Double
    let last: Double
    /// In units of the drawing.
    let left: Double
    let right: Double

    /// The place of a number, inside the scale.
    func x(_ value: Double) -> Double {
        let share = (min(max(value, first), last) - first) / max(last - first, 1e-9)
        return left + share * (right - left)
    }

    /// Round numbers, at most ten.
    var ticks: [Double] {
        let span = last - first
        guard span > 0, span.isFinite else { return [0] }
        var step = 1e-6
        while span / step > 10 { step *= span / step > 20 ? span / step > 50 ? 10 : 5 : 2 }
        let start = Int((first / step).rounded(.up))
        return (start...max(start, Int((last / step).rounded(.down)))).map { Double($0) * step }
    }
}
