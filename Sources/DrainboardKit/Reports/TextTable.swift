import Screen
import ShutdownTrace

/// Cells as lines, each column as wide as its widest cell.
struct TextTable {
    /// The lines of each row, in each the cells, filled up to the widths of their columns.
    let rows: [[[String]]]
    let gap: String

    /// - Parameters:
    ///   - rows: As many cells in each.
    ///   - gap: What stands between two cells.
    ///   - width: The columns that there are; in fewer than it needs its gaps shrink, and then its cells are broken at
    ///     their blanks.
    ///   - fixed: A column whose cells are never broken.
    init(_ rows: [[String]], gap: String = "   ", width: Int? = nil, fixed: Int? = nil) {
        let columns = (rows.first ?? []).indices
        var widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let words = columns.map { column in rows.map { Self.longestWord($0[column]) }.max() ?? 0 }
        let gaps = max(0, columns.count - 1)
        var gap = gap
        func excess() -> Int { widths.reduce(gap.count * gaps, +) - (width ?? .max) }
        while excess() > 0, gap.count > 1 { gap.removeLast() }
        while excess() > 0 {
            let breakable = columns.filter { $0 != fixed && widths[$0] > words[$0] }
            // A head is broken before a cell, for a broken cell makes its row higher.
            let heads = breakable.filter { column in rows.dropFirst().allSatisfy { $0[column].count < widths[column] } }
            let widest = (heads.isEmpty ? breakable : heads).max { widths[$0] < widths[$1] }
            guard let widest else { break }
            widths[widest] -= 1
        }
        self.gap = gap
        self.rows = rows.map { Self.broken($0, widths) }
    }

    /// The lines of all rows.
    var padded: [[String]] { rows.flatMap(\.self) }

    /// The lines, without blanks at their ends.
    var lines: [String] { padded.map(joined) }

    /// The cells of one line, which may have been painted since.
    func joined(_ cells: [String]) -> String { cells.joined(separator: gap).withoutBlanksAtEnd }

    private static func longestWord(_ cell: String) -> Int { cell.split(separator: " ").map(\.count).max() ?? 0 }

    private static func broken(_ cells: [String], _ widths: [Int]) -> [[String]] {
        let parts = zip(cells, widths).map { cell, width in
            cell.count <= width ? [cell] : Paragraph.lines(cell, width: width)
        }
        return (0..<max(1, parts.map(\.count).max() ?? 0)).map { line in
            zip(parts, widths).map { part, width in (line < part.count ? part[line] : "").padded(right: width) }
        }
    }
}

extension String {
    var withoutBlanksAtEnd: String { lastIndex { $0 != " " }.map { String(self[...$0]) } ?? "" }
}
