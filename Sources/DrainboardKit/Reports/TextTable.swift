import ShutdownTrace

/// Cells as lines, each column as wide as its widest cell.
struct TextTable {
    /// The cells, filled up to the widths of their columns.
    let padded: [[String]]
    private let gap: String

    /// - Parameters:
    ///   - rows: As many cells in each.
    ///   - gap: What stands between two cells.
    init(_ rows: [[String]], gap: String = "   ") {
        self.gap = gap
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        padded = rows.map { zip($0, widths).map { $0.padded(right: $1) } }
    }

    /// The lines, without blanks at their ends.
    var lines: [String] { padded.map { $0.joined(separator: gap).withoutBlanksAtEnd } }
}

extension String {
    var withoutBlanksAtEnd: String { lastIndex { $0 != " " }.map { String(self[...$0]) } ?? "" }
}
