/// The shape that a scalar of frames and bars has inside its cell.
enum BoxShape: Hashable {
    /// A line across the middle, so many units thick.
    case across(Double)
    /// A line down the middle, so many units thick, in so many dashes.
    case down(Double, dashes: Int)
    /// A quarter circle that joins two sides.
    case corner(right: Bool, down: Bool)
    /// A block from the left that fills so much of the width.
    case left(Double)
    /// A block from the bottom that fills so much of the height.
    case bottom(Double)
    /// The whole cell, faint.
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
