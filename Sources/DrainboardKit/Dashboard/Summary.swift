import Player
import ShutdownBoard
import ShutdownTrace

/// What the dashboard leaves on the terminal when it is closed.
struct Summary {
    let lines: [String]

    /// - Parameters:
    ///   - source: What was shown.
    ///   - phase: The phase in which a living server was ended together with the dashboard.
    init(_ source: DashboardSource, quitWhile phase: Phase?) {
        let board = source.timeline.head
        var lines: [String] = []
        if let run = source.run {
            if let failure = run.failure {
                lines.append(failure.description)
            } else if let phase {
                lines.append("\(board.title): ended with the dashboard, while \(phase.word.lowercased())")
            } else {
                lines += Self.judgement(board)
            }
            if let recording = run.recording { lines.append("recorded in \(recording)") }
        } else {
            lines += phase.map { ["\(board.title): \($0.word.lowercased())"] } ?? Self.judgement(board)
            lines += source.timeline.problems
        }
        self.lines = lines.map { printable($0) }
    }

    private static func judgement(_ board: Board) -> [String] {
        let verdict = Judge(board).verdict
        let broken = verdict.rules.filter { $0.held == false }
        return ["\(board.title): \(verdict.word.rawValue)   \(verdict.headline)"]
            + broken.map { "  not held: \($0.name.sentence) (\($0.evidence))" }
    }
}
