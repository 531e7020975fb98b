/// A part of the screen, in cells; never negative in extent.
struct Rect: Hashable, Sendable {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int

    init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    init(_ size: Size) {
        self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
    }

    /// The row below the last one.
    var bottom: Int { row + rows }
    /// The column right of the last one.
    var right: Int { column + columns }
    var isEmpty: Bool { rows == 0 || columns == 0 }

    func inset(rows: Int = 1, columns: Int = 1) -> Rect {
        Rect(
            row: row + min(rows, self.rows), column: column + min(columns, self.columns), rows: self.rows - 2 * rows,
            columns: self.columns - 2 * columns)
    }

    /// Its first rows, and the rows below them.
    func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
        let count = min(max(0, count), rows)
        return (
            Rect(row: row, column: column, rows: count, columns: columns),
            Rect(row: row + count, column: column, rows: rows - count, columns: columns)
        )
    }

    /// The columns at the left, and the last columns.
    func splitRight(_ count: Int) -> (rest: Rect, right: Rect) {
        let count = min(max(0, count), columns)
        return (
            Rect(row: row, column: column, rows: rows, columns: columns - count),
            Rect(row: row, column: right - count, rows: rows, columns: count)
        )
    }

    /// A part of this size in its middle, at most as big as it is.
    func centred(rows wantedRows: Int, columns wantedColumns: Int) -> Rect {
        let rows = min(self.rows, max(0, wantedRows))
        let columns = min(self.columns, max(0, wantedColumns))
        return Rect(
            row: row + (self.rows - rows) / 2, column: column + (self.columns - columns) / 2, rows: rows,
            columns: columns)
    }
}
