internal import Screen

/// Cells of one row that follow each other and are set as one piece.
struct Strip: Hashable {
    /// Where it begins, from 0.
    var column: Int
    /// The columns that it takes.
    var columns: Int
    var text: String
    var style: Style
    var kind: Kind

    enum Kind: Hashable {
        /// ASCII, which every monospaced font sets one column wide.
        case plain
        /// Frames and bars, which a picture draws instead of trusting the font.
        case drawn(Unicode.Scalar)
        /// Any other scalar, alone, so that a font that lacks it cannot move what follows.
        case single
    }

    /// The strips of a row, without the blanks at its end.
    static func strips(of frame: Frame, row: Int) -> [Strip] {
        var strips: [Strip] = []
        let columns = (0..<frame.size.columns).last { frame[row, $0] != .blank }.map { $0 + 1 } ?? 0
        for column in 0..<columns {
            let cell = frame[row, column]
            if cell.scalar.value == 0 {
                if let last = strips.indices.last { strips[last].columns += 1 }
                continue
            }
            let kind = kind(of: cell.scalar)
            if let last = strips.indices.last, strips[last].kind == kind, kind != .single,
                strips[last].style == cell.style
            {
                strips[last].text.unicodeScalars.append(cell.scalar)
                strips[last].columns += 1
            } else {
                strips.append(
                    Strip(column: column, columns: 1, text: String(cell.scalar), style: cell.style, kind: kind))
            }
        }
        return strips
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        if scalar.isASCII { return .plain }
        return BoxShape(scalar) != nil ? .drawn(scalar) : .single
    }
}

/// What a scalar of frames and bars looks like inside its cell.
enum BoxShape: Hashable {
    /// Across the middle, so many units thick.
    case across(Double)
    /// Down the middle, so many units thick, in so many dashes.
    case down(Double, dashes: Int)
    /// A quarter circle that joins two sides.
    case corner(right: Bool, down: Bool)
    /// A block from the left that fills so much of the width.
    case left(Double)
    /// A block from the bottom that fills so much of the height.
    case bottom(Double)
    /// All of the cell, faintly.
    case shade

    init?(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "─": self = .across(1)
        case "━": self = .across(3)
        case "│": self = .down(1, dashes: 1)
        case "┃": self = .down(3, dashes: 1)
        case "┊": self = .down(1, dashes: 4)
        case "╭": self = .corner(right: true, down: true)
        case "╮": self = .corner(right: false, down: true)
        case "╰": self = .corner(right: true, down: false)
        case "╯": self = .corner(right: false, down: false)
        case "░": self = .shade
        case "█": self = .left(1)
        case "▉"..."▏": self = .left(Double(0x2590 - scalar.value) / 8)
        case "▁"..."▇": self = .bottom(Double(scalar.value - 0x2580) / 8)
        default: return nil
        }
    }
}
