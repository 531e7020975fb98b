import Foundation
import Screen
import ShutdownBoard
import ShutdownTrace

/// One cell of the grid: what came of one signal in one state.
struct GridCell: Sendable {
    var text: String
    var ink: TableStyle.Ink

    /// What a run is worth: the word of its verdict, or where nothing was in flight, how the process left.
    init(_ verdict: Verdict) {
        switch verdict.word {
        case .graceful: (text, ink) = ("graceful", .good)
        case .slow: (text, ink) = ("slow", .good)
        case .inconclusive:
            let isClean = verdict[.leftByItself]?.held == true
            (text, ink) = (Self.words(verdict.exit), isClean ? .good : .faint)
        case .ignored: (text, ink) = ("ignored", .risk)
        case .reloaded: (text, ink) = ("reloaded", .risk)
        case .unhandled: (text, ink) = ("died of it", .loss)
        case .forceKilled: (text, ink) = ("killed", .loss)
        case .refusedWork, .badExit, .orphans, .wrongOrder: (text, ink) = (verdict.word.rawValue.lowercased(), .risk)
        case .dropped, .duplicated, .crashed: (text, ink) = (verdict.word.rawValue.lowercased(), .loss)
        }
    }

    /// The server was gone, or was killed, before it came to that state.
    static let notReached = GridCell(text: "not reached", ink: .faint)

    private init(text: String, ink: TableStyle.Ink) { (self.text, self.ink) = (text, ink) }

    private static func words(_ exit: ExitStatus?) -> String {
        switch exit {
        case .exited(let code)?: "exit \(code)"
        case .signaled(let signal, _)?: "by \(signal.shortName)"
        case nil: "stayed"
        }
    }
}

/// The grid as lines: a row a signal, a column a state.
struct GridTable {
    let signals: [Signal]
    let states: [GridState]
    let rows: [[GridCell]]
    let style: TableStyle

    var lines: [String] {
        let widths = states.indices.map { column in
            max(states[column].name.count, rows.map { $0[column].text.count }.max() ?? 0)
        }
        let name = signals.map(\.shortName.count).max() ?? 0
        let head =
            String(repeating: " ", count: name) + "  "
            + zip(states, widths).map { $0.name.padded(right: $1) }.joined(separator: "  ")
        let body = zip(signals, rows).map { signal, row in
            signal.shortName.padded(right: name) + "  "
                + zip(row, widths).map { style.paint($0.text.padded(right: $1), $0.ink) }.joined(separator: "  ")
        }
        return [head] + body + [
            "",
            "died of it: the default action, with work in flight. ignored: not heard, and then killed by the grace period.",
            "exit N, by SIGNAL: nothing was in flight, so only the exit is known.",
            "killed: by SIGKILL, or by a signal without a handler once the shutdown had begun. not reached: gone before.",
        ]
    }
}
