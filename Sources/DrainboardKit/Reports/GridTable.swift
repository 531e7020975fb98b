import ShutdownBoard
import ShutdownTrace

/// The grid as lines: a row a signal, a column a state.
struct GridTable {
    let signals: [Signal]
    let states: [GridState]
    let rows: [[GridCell]]
    let style: TableStyle

    var lines: [String] {
        let head = [""] + states.map(\.name)
        let body = zip(signals, rows).map { signal, row in [signal.shortName] + row.map(\.text) }
        let table = TextTable([head] + body, gap: "  ", width: style.width)
        let inks = [[TableStyle.Ink](repeating: .plain, count: head.count)] + rows.map { [.plain] + $0.map(\.ink) }
        let painted = zip(table.rows, inks).flatMap { row, inks in
            row.map { cells in zip(cells, inks).map(style.paint).joined(separator: table.gap) }
        }
        return painted + [""] + Self.legend.flatMap { style.lines($0) }
    }

    private static let legend = [
        "workers, ledger, log: held before this step of the release. twice: the same signal again.",
        "died: of the signal itself, its default action, with work in flight. "
            + "ignored: not heard, and then killed by the grace period.",
        "exit N, by SIGNAL: nothing was in flight, so only the exit is known.",
        "killed: by SIGKILL, or by a signal without a handler once the shutdown had begun. not reached: gone before.",
    ]
}

/// One cell of the grid: the result of one signal in one state.
struct GridCell: Equatable, Sendable {
    let text: String
    let ink: TableStyle.Ink

    /// The word of the verdict, or where nothing was in flight, how the process left.
    init(_ verdict: Verdict) {
        switch verdict.word {
        case .graceful: self.init("graceful", .good)
        case .slow: self.init("slow", .good)
        case .inconclusive:
            let isClean = verdict[.leftByItself]?.held == true
            self.init(Self.words(verdict.exit), isClean ? .good : .faint)
        case .ignored: self.init("ignored", .risk)
        case .reloaded: self.init("reloaded", .risk)
        case .unhandled: self.init("died", .loss)
        case .forceKilled: self.init("killed", .loss)
        case .refusedWork, .badExit, .orphans, .wrongOrder: self.init(verdict.word.rawValue.lowercased(), .risk)
        case .dropped, .duplicated, .crashed: self.init(verdict.word.rawValue.lowercased(), .loss)
        }
    }

    /// The server was gone, or was killed, before it came to that state.
    static let notReached = GridCell("not reached", .faint)

    init(_ text: String, _ ink: TableStyle.Ink) {
        self.text = text
        self.ink = ink
    }

    private static func words(_ exit: ExitStatus?) -> String {
        switch exit {
        case .exited(let code)?: "exit \(code)"
        case .signaled(let signal, _)?: "by \(signal.shortName)"
        case nil: "stayed"
        }
    }
}
