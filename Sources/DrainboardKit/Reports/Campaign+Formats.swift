import ShutdownBoard
import ShutdownTrace

/// A campaign as a table, as one JSON object, or as a JUnit suite for each run.
extension Campaign {
    package func formatted(_ format: Report.Format, ascii: Bool) throws -> String {
        try formatted(format, TableStyle(isColored: false, isASCII: ascii))
    }

    package func formatted(_ format: Report.Format, _ style: TableStyle) throws -> String {
        switch format {
        case .text: return table(style).joined(separator: "\n")
        case .json: return try Report.json(summary)
        case .junit: return Report.junit(reports)
        }
    }

    private var reports: [Report] {
        rows.flatMap { row in
            row.boards.enumerated().map { Report($0.element, recording: row.recordings[$0.offset]) }
        }
    }

    private func table(_ style: TableStyle) -> [String] {
        let head = ["signal", "verdict", "exit", "signal to exit", "drain overhead", "lost"]
        let cells = ([head] + rows.map(Self.cells)).map { $0.map(style.safe) }
        let table = TextTable(cells, width: style.width)
        let inks = [TableStyle.Ink.plain] + rows.map { $0.isGraceful ? .good : .loss }
        var lines = zip(table.rows, inks).flatMap { row, ink in
            row.map { cells in
                table.joined(cells.enumerated().map { $0 == 1 ? style.paint($1, ink) : $1 })
            }
        }
        if rows.contains(where: { $0.boards.count > 1 }) {
            lines += style.lines("Of several runs: the smallest / the median / the largest.")
        }
        let overhead = Glossary.drainOverhead
        lines += style.lines("\(overhead.term): ", "\(overhead.meaning).")
        lines += [""] + Set(rows.flatMap(\.failures)).sorted().flatMap { style.lines($0) }
        return lines + style.lines(conclusion) + kept.flatMap { style.lines($0) }
            + (rows.lazy.compactMap(\.boards.first).first.map { RunOrigin($0).lines(style) } ?? [])
    }

    private static func cells(_ row: Row) -> [String] {
        let exits = row.boards.map { Judge($0).verdict.exit?.words ?? "still there" }
        let lost = row.lost
        return [
            row.signal.name, row.boards.isEmpty ? "NO RUN" : counts(row.words.map(\.rawValue)), counts(exits),
            row.spread(.signalToExitMs)?.words ?? "", row.spread(.drainOverheadMs)?.words ?? "",
            lost.of == 0 ? "nothing in flight" : "\(lost.count.grouped) of \(lost.of.grouped)",
        ]
    }

    /// "GRACEFUL", or "2× GRACEFUL, 1× DROPPED".
    private static func counts(_ words: [String]) -> String {
        let counts = Dictionary(grouping: words) { $0 }.mapValues(\.count)
        guard counts.count > 1 || words.count > 1 else { return words.first ?? "" }
        return counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { "\($0.value)× \($0.key)" }
            .joined(separator: ", ")
    }

    private var conclusion: String {
        let names = gracefulSignals.map(\.name)
        guard rows.count > 1 else { return names.isEmpty ? "Not every run was graceful." : "Every run was graceful." }
        guard let best = names.first else { return "None of these signals ends this program gracefully." }
        return names.count == 1
            ? "This program's graceful signal is \(best): tell the supervisor (systemd KillSignal=, Dockerfile STOPSIGNAL)."
            : "Graceful: \(names.joined(separator: ", "))."
    }

    /// What `--format json` prints.
    private struct Summary: Encodable {
        struct Row: Encodable {
            var signal: String
            var verdicts: [String: Int]
            var graceful: Bool
            var lost: Int
            var inFlight: Int
            var signalToExitMs: Spread?
            var drainOverheadMs: Spread?
            var failures: [String]
        }

        var drainboard = Report.version
        var gracefulSignals: [String]
        var signals: [Row]
        var runs: [Report]
    }

    private var summary: Summary {
        Summary(
            gracefulSignals: gracefulSignals.map(\.name),
            signals: rows.map { row in
                Summary.Row(
                    signal: row.signal.name,
                    verdicts: Dictionary(grouping: row.words) { $0.rawValue }.mapValues(\.count),
                    graceful: row.isGraceful, lost: row.lost.count, inFlight: row.lost.of,
                    signalToExitMs: row.spread(.signalToExitMs), drainOverheadMs: row.spread(.drainOverheadMs),
                    failures: row.failures)
            }, runs: reports)
    }
}
