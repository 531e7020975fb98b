/// One picture of the screen: a grid of styled cells, and nothing else.
///
/// A frame is a value. It is compared in tests, printed as text by `--frame`, and painted by the terminal.
package struct Frame: Hashable, Sendable {
    /// One column of one row.
    package struct Cell: Hashable, Sendable {
        /// A printable scalar that is one or two columns wide; U+0000 in the second column of a wide one.
        package var scalar: Unicode.Scalar
        package var style: Style

        package init(_ scalar: Unicode.Scalar, _ style: Style = .plain) {
            self.scalar = scalar
            self.style = style
        }

        package static let blank = Cell(" ")
        /// The second column of a wide character.
        package static let continuation = Cell("\u{0}")
    }

    package let size: Size

    /// Row after row, `size.rows * size.columns` cells.
    package var cells: [Cell]

    package init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: size.rows * size.columns)
    }

    package subscript(row: Int, column: Int) -> Cell {
        get { cells[row * size.columns + column] }
        set { cells[row * size.columns + column] = newValue }
    }

    /// The text of each row, without trailing blanks.
    package var lines: [String] {
        (0..<size.rows).map { row in
            var text = String.UnicodeScalarView()
            for column in 0..<size.columns where self[row, column].scalar.value != 0 {
                text.append(self[row, column].scalar)
            }
            let last = text.lastIndex { $0 != " " }
            return String(last.map { String.UnicodeScalarView(text[...$0]) } ?? String.UnicodeScalarView())
        }
    }
}

/// The extent of a frame or a terminal, in cells.
package struct Size: Hashable, Sendable {
    /// Never negative.
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}
