import Experiment
import ShutdownBoard
import ShutdownTrace

/// The list of runs, as a table or as JSON.
package struct RunList {
    let entries: [RunEntry]

    package init(_ entries: [RunEntry]) { self.entries = entries }

    /// The lines of the table.
    ///
    /// - Parameter width: The columns that there are; nil where nothing has to be cut.
    /// - Returns: The lines, and how a run is opened.
    package func lines(width: Int?) -> [String] {
        guard !entries.isEmpty else {
            return ["No run is recorded yet. Run drainboard demo or drainboard check first."]
        }
        let heads = ["run (UTC)", "what ran", "signal", "verdict", "took", "size", ""]
        var rows = [heads] + entries.map(Self.cells)
        if let width {
            let excess = (TextTable(rows, gap: "  ").lines.map(\.count).max() ?? 0) - width
            let widest = rows.map { $0[1].count }.max() ?? 0
            for index in rows.indices where excess > 0 {
                rows[index][1] = Self.cut(rows[index][1], to: max(8, widest - excess))
            }
        }
        return TextTable(rows, gap: "  ").lines + [
            "",
            "drainboard replay NAME opens one, runs show NAME tells all of it. The newest "
                + "\(StateFolder.newest)",
            "stay, up to \(RecordingLimits.current.total.inBytes); kept, named and marked ones stay until they are deleted.",
        ]
    }

    private static func cells(_ entry: RunEntry) -> [String] {
        [
            entry.name, entry.title, entry.board.stopSignal?.signal.shortName ?? "-",
            entry.verdict?.word.rawValue ?? "-", entry.extent == .empty ? "-" : entry.board.time.words,
            entry.run.size.inBytes, entry.remarks.joined(separator: ", "),
        ]
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }

    /// - Throws: What the encoder throws.
    package func json() throws -> String {
        struct List: Encodable {
            let drainboard = Report.version
            let runs: [RunFactsReport]
        }
        return try Report.json(List(runs: entries.map { RunFactsReport($0) }))
    }
}

extension RunEntry {
    /// Its title, safe for a terminal.
    var title: String { extent == .empty ? "-" : printable(board.title) }

    /// What else is to be said of it, in a word each.
    var remarks: [String] {
        var words: [String] = []
        if run.note.name != nil { words.append("named") } else if run.note.isKept { words.append("kept") }
        if run.isMarked { words.append("marked") }
        switch extent {
        case .whole: break
        case .writing: words.append("being written")
        case .cut: words.append("cut short")
        case .empty: words.append("empty")
        }
        return words
    }
}

extension Int {
    /// A number of bytes, in powers of a thousand: "512 B", "88 kB", "1.2 MB", "1 GB".
    var inBytes: String {
        let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")]
        guard let unit = units.first(where: { self >= $0.0 }) else { return "\(self) B" }
        let tenths = (self * 10 + unit.0 / 2) / unit.0
        return (tenths >= 100 || tenths % 10 == 0 ? "\((tenths + 5) / 10)" : "\(tenths / 10).\(tenths % 10)")
            + " \(unit.1)"
    }
}
