internal import Screen
internal import ShutdownBoard

/// What the dashboard leaves on the terminal when it is closed.
struct Summary {
    let lines: [String]

    init(_ run: LiveRun, quitWhile phase: Phase?) {
        let board = run.board
        var lines: [String] = []
        if let failure = run.failure {
            lines.append(failure.description)
        } else if let phase {
            lines.append("\(board.title): ended with the dashboard, while \(phase.word.lowercased())")
        } else {
            let verdict = board.verdict
            lines.append("\(board.title): \(verdict.word.rawValue)   \(verdict.headline)")
            for rule in verdict.rules where rule.held == false {
                lines.append("  not held: \(rule.name.sentence) (\(rule.evidence))")
            }
        }
        if let recording = run.recording { lines.append("recorded in \(recording)") }
        self.lines = lines.map { printable($0) }
    }
}
