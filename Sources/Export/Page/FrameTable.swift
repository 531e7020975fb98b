internal import Screen
internal import ShutdownTrace

/// The frames of a film as JSON: each row that ever occurs once, and of each frame only the rows that changed.
struct FrameTable {
    let json: String

    init(_ film: Film) {
        var table: [[Frame.Cell]: Int] = [:]
        var rows: [String] = []
        var frames: [String] = []
        var shown = Array(repeating: -1, count: film.size.rows)
        for shot in film.shots {
            var changes: [String] = []
            for row in 0..<film.size.rows {
                let start = row * film.size.columns
                let cells = Array(shot.frame.cells[start..<(start + film.size.columns)])
                let index = table[cells] ?? rows.count
                if index == rows.count {
                    table[cells] = index
                    rows.append(Self.row(shot.frame, row))
                }
                if shown[row] != index { changes += [String(row), String(index)] }
                shown[row] = index
            }
            frames.append("[\(([shot.time.decimals(6)] + changes).joined(separator: ","))]")
        }
        json = "\"table\":[\(rows.joined(separator: ",\n"))],\n\"frames\":[\(frames.joined(separator: ",\n"))]"
    }

    /// A row as its text and its runs: how many scalars, how many columns, which style.
    private static func row(_ frame: Frame, _ row: Int) -> String {
        let runs = TextRun.runs(of: frame, row: row)
        let text = runs.map(\.text).joined()
        let numbers = runs.flatMap { run in
            let isGlyph = run.kind == .single ? 128 : 0
            let style = Int(run.style.ink.rawValue) + 8 * Int(run.style.emphasis.rawValue) + isGlyph
            return [run.text.unicodeScalars.count, run.columns, style]
        }
        return "[\(([quoted(text)] + numbers.map(String.init)).joined(separator: ","))]"
    }
}
