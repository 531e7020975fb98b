internal import ShutdownTrace

/// What was measured in a run, in milliseconds; nil where it cannot be known.
public struct Numbers: Hashable, Sendable {
    /// From the signal being sent to the server saying that it came.
    public var signalToReceivedMs: Double?
    /// From the first signal to the exit.
    public var signalToExitMs: Double?
    /// From the end of the last work in flight (answer, WebSocket, job) to the exit.
    public var drainOverheadMs: Double?
    /// From the last thing that a client saw to the exit: waiting with nothing left to do for anybody outside.
    ///
    /// Here and in the other waits, the time for which a person held the server does not count.
    public var idleWaitMs: Double?
    /// From the signal to the closed listener.
    public var acceptStopMs: Double?
    /// How long the balancer knew before the listener closed; negative is an exposed window.
    public var leadMs: Double?
    /// Requests answered whole of those in flight at the signal that the server had to answer, 0...1.
    public var completedShare: Double?
    /// Used of the grace period, 0...1.
    public var graceUsed: Double?

    init(_ board: Board) {
        guard let signal = board.stopSignal else { return }
        signalToReceivedMs = signal.receivedAt.map { ($0 - signal.at).milliseconds }
        acceptStopMs = board.listener.closedAt.map { ($0 - signal.at).milliseconds }
        if let left = board.rotation.leftAt, let closed = board.listener.closedAt {
            leadMs = (closed - left).milliseconds
        }
        if board.owed > 0 {
            completedShare = Double(board.wholeAtSignal) / Double(board.owed)
        }
        guard let exit = board.process.exit else { return }
        signalToExitMs = (exit.at - signal.at).milliseconds
        if let grace = board.grace, grace > .zero {
            graceUsed = board.used(since: signal.at, at: exit.at).seconds / grace.seconds
        }
        idleWaitMs = board.lastAnswerAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
        drainOverheadMs = board.lastWorkAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
    }

    /// All of them by name, in the order in which they are printed.
    public var all: [(name: String, value: Double?)] {
        [
            ("signalToReceivedMs", signalToReceivedMs), ("signalToExitMs", signalToExitMs),
            ("drainOverheadMs", drainOverheadMs), ("idleWaitMs", idleWaitMs), ("acceptStopMs", acceptStopMs),
            ("leadMs", leadMs), ("completedShare", completedShare), ("graceUsed", graceUsed),
        ]
    }
}

extension Board {
    /// The last thing that a client saw since the signal: a whole answer, or the end of a WebSocket.
    var lastAnswerAt: Time? { last([requests.lastAnswerAt, websockets.lastClosedAt]) }

    /// The same, or the end of a job.
    var lastWorkAt: Time? { last([lastAnswerAt, jobs.lastSettledAt]) }

    private func last(_ times: [Time?]) -> Time? {
        guard let signal = stopSignal else { return nil }
        return times.compactMap { $0 }.filter { $0 >= signal.at }.max()
    }

    /// Of the requests in flight at the signal: how many were answered whole.
    var wholeAtSignal: Int { requests.fatesAtSignal.reduce(0) { $1.key.isWhole ? $0 + $1.value : $0 } }
}
