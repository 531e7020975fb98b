package import ShutdownTrace

/// Explains what a board shows at one moment: what the server waits for, what holds it up, and why.
package struct Explainer {
    let board: Board
    /// At least the time of the board's last event.
    let now: Time

    package init(_ board: Board, at now: Time) {
        self.board = board
        self.now = now
    }
}
