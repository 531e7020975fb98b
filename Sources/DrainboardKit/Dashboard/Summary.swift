import Player
import Screen
import ShutdownBoard
import ShutdownTrace

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
            lines += Self.judgement(board)
        }
        if let recording = run.recording { lines.append("recorded in \(recording)") }
        self.lines = lines.map { printable($0) }
    }

    /// Of a run that was only looked at.
    init(_ timeline: Timeline) {
        let board = timeline.head
        let end = board.process.isGone ? Self.judgement(board) : ["\(board.title): \(board.phase.word.lowercased())"]
        lines = (end + timeline.problems).map { printable($0) }
    }

    private static func judgement(_ board: Board) -> [String] {
        let verdict = Judge(board).verdict
        let broken = verdict.rules.filter { $0.held == false }
        return ["\(board.title): \(verdict.word.rawValue)   \(verdict.headline)"]
            + broken.map { "  not held: \($0.name.sentence) (\($0.evidence))" }
    }
}
