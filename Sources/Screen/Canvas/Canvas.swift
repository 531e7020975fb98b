internal import ShutdownTrace

/// A frame that is being drawn: every write is clipped, and every text is made printable.
struct Canvas {
    private(set) var frame: Frame
    /// What the mouse finds under each cell.
    var targets = Targets()
    let glyphs: Glyphs

    init(size: Size, glyphs: Glyphs) {
        frame = Frame(size: size)
        self.glyphs = glyphs
    }

    /// Puts one cell; outside of the frame nothing happens.
    mutating func set(_ row: Int, _ column: Int, _ scalar: Unicode.Scalar, _ style: Style) {
        let size = frame.size
        guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return }
        let index = row * size.columns + column
        // The other half of an overwritten wide character becomes blank.
        if frame.cells[index].scalar.value == 0, column > 0 { frame.cells[index - 1] = .blank }
        if column + 1 < size.columns, frame.cells[index + 1].scalar.value == 0 { frame.cells[index + 1] = .blank }
        frame.cells[index] = Frame.Cell(scalar, style)
    }

    /// Puts text into one row and returns the column behind it.
    ///
    /// Text wider than `width` is cut and ends in an ellipsis.
    @discardableResult
    mutating func put(_ text: String, _ row: Int, _ column: Int, _ style: Style = .plain, width: Int = .max) -> Int {
        let limit = min(frame.size.columns, width > frame.size.columns ? .max : column + max(0, width))
        var at = column
        for scalar in text.unicodeScalars {
            guard let safe = Safe(scalar) else { continue }
            let shown = glyphs.isUTF8 ? safe.scalar : Glyphs.ascii(safe.scalar)
            let columns = glyphs.isUTF8 ? safe.columns : 1
            guard at + columns <= limit else {
                if limit > column { ellipsis(row, limit - 1, style) }
                return max(column, limit)
            }
            set(row, at, shown, style)
            if columns == 2 { continueWide(row, at + 1, style) }
            at += columns
        }
        return at
    }

    /// Puts text so that it ends left of `end`; text too long to begin at `from` is cut.
    mutating func putRight(_ text: String, _ row: Int, from: Int, to end: Int, _ style: Style = .plain) {
        let width = columns(text)
        put(text, row, max(from, end - width), style, width: max(0, end - from))
    }

    /// The columns that the text takes on this canvas.
    func columns(_ text: String) -> Int {
        glyphs.isUTF8 ? printableWidth(text) : text.unicodeScalars.reduce(0) { Safe($1) == nil ? $0 : $0 + 1 }
    }

    /// The first of these texts that takes no more than so many columns; where none does, the last.
    func fitting(_ texts: [String], _ width: Int) -> String {
        texts.first { columns($0) <= width } ?? texts.last ?? ""
    }

    /// Puts a picture, or these rows of it, with its upper left cell at this place; cells outside of the canvas are left
    /// out.
    mutating func put(_ picture: Frame, _ row: Int, _ column: Int, rows: Range<Int>? = nil) {
        for (index, line) in (rows ?? 0..<picture.size.rows).enumerated() {
            for place in 0..<picture.size.columns {
                let cell = picture[line, place]
                set(row + index, column + place, cell.scalar, cell.style)
            }
        }
    }

    mutating func fill(_ rect: Rect, _ scalar: Unicode.Scalar = " ", _ style: Style = .plain) {
        for row in rect.row..<rect.bottom {
            for column in rect.column..<rect.right { set(row, column, scalar, style) }
        }
    }

    /// A frame with a title at its left and, where there is room, one at its right; returns the inside.
    @discardableResult
    mutating func box(
        _ rect: Rect, _ title: String, right: String = "", style: Style = Style(.faint), titleStyle: Style = .plain,
        rightStyle: Style = Style(.faint)
    ) -> Rect {
        guard rect.rows >= 2, rect.columns >= 4 else { return rect }
        let corners: [Unicode.Scalar] = glyphs.isUTF8 ? ["╭", "╮", "╰", "╯"] : ["+", "+", "+", "+"]
        let (across, down): (Unicode.Scalar, Unicode.Scalar) = glyphs.isUTF8 ? ("─", "│") : ("-", "|")
        let last = rect.bottom - 1
        let end = rect.right - 1
        for column in (rect.column + 1)..<end {
            set(rect.row, column, across, style)
            set(last, column, across, style)
        }
        for row in (rect.row + 1)..<max(rect.row + 1, last) {
            set(row, rect.column, down, style)
            set(row, end, down, style)
        }
        set(rect.row, rect.column, corners[0], style)
        set(rect.row, end, corners[1], style)
        set(last, rect.column, corners[2], style)
        set(last, end, corners[3], style)
        let titleEnd = rect.column + 3 + columns(title)
        if !title.isEmpty { put(" \(title) ", rect.row, rect.column + 2, titleStyle, width: rect.columns - 4) }
        let start = end - 3 - columns(right)
        if !right.isEmpty, start > titleEnd { put(" \(right) ", rect.row, start, rightStyle) }
        return rect.inset()
    }

    /// Lets the frame around this place stand out; of a single row, all of it.
    mutating func emphasise(_ rect: Rect) {
        let size = frame.size
        for row in max(0, rect.row)..<max(0, min(rect.bottom, size.rows)) {
            let isEdge = row == rect.row || row == rect.bottom - 1
            for column in rect.column..<min(rect.right, size.columns)
            where isEdge || column == rect.column || column == rect.right - 1 {
                frame.cells[row * size.columns + column].style = Style(.normal, .bold)
            }
        }
    }

    private mutating func continueWide(_ row: Int, _ column: Int, _ style: Style) {
        let size = frame.size
        guard row >= 0, row < size.rows, column > 0, column < size.columns else { return }
        let index = row * size.columns + column
        if column + 1 < size.columns, frame.cells[index + 1].scalar.value == 0 { frame.cells[index + 1] = .blank }
        frame.cells[index] = Frame.Cell("\u{0}", style)
    }

    private mutating func ellipsis(_ row: Int, _ column: Int, _ style: Style) {
        set(row, column, glyphs.isUTF8 ? "…" : "~", style)
    }
}
