internal import Screen

/// Neighbouring cells of one row that a picture sets as one text.
struct TextRun: Hashable {
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
        /// Blanks that need no ink: what stands behind them has a place of its own.
        case gap
        /// Frames and bars, which a picture draws instead of trusting the font.
        case drawn(Unicode.Scalar)
        /// Any other scalar, alone, so that a font that lacks it cannot move what follows.
        case single
    }

    /// The runs of a row, without the blanks at its end.
    static func runs(of frame: Frame, row: Int) -> [TextRun] {
        var runs: [TextRun] = []
        let columns = (0..<frame.size.columns).last { frame[row, $0] != .blank }.map { $0 + 1 } ?? 0
        func isBlank(_ column: Int) -> Bool {
            column >= 0 && column < columns && frame[row, column] == Frame.Cell(" ", frame[row, column].style)
        }
        for column in 0..<columns {
            let cell = frame[row, column]
            if cell.scalar.value == 0 {
                if let last = runs.indices.last { runs[last].columns += 1 }
                continue
            }
            let kind = kind(of: cell, isAlone: !isBlank(column - 1) && !isBlank(column + 1))
            if let last = runs.indices.last, runs[last].kind == kind, kind != .single,
                runs[last].style == cell.style
            {
                runs[last].text.unicodeScalars.append(cell.scalar)
                runs[last].columns += 1
            } else {
                runs.append(
                    TextRun(column: column, columns: 1, text: String(cell.scalar), style: cell.style, kind: kind))
            }
        }
        return runs
    }

    /// A blank between two words belongs to the text; several are a gap.
    private static func kind(of cell: Frame.Cell, isAlone: Bool) -> Kind {
        if cell.scalar == " ", !isAlone, !cell.style.emphasis.showsOnBlanks { return .gap }
        if cell.scalar.isASCII { return .plain }
        return BoxShape(cell.scalar) != nil ? .drawn(cell.scalar) : .single
    }
}
