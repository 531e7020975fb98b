internal import ShutdownTrace

/// What was measured in a run, in milliseconds; nil where it cannot be known.
package struct Numbers: Hashable, Sendable {
    /// From the signal being sent to the server saying that it came.
    package var signalToReceivedMs: Double?
    /// From the first signal to the exit.
    package var signalToExitMs: Double?
    /// From the end of the last work in flight (answer, WebSocket, job) to the exit.
    package var drainOverheadMs: Double?
    /// From the last thing that a client saw to the exit: waiting with nothing left to do for anybody outside.
    ///
    /// Here and in the other waits, the time for which a person held the server does not count.
    package var idleWaitMs: Double?
    /// From the signal to the closed listener.
    package var acceptStopMs: Double?
    /// How long the balancer knew before the listener closed; negative is an exposed window.
    package var leadMs: Double?
    /// Requests answered whole of those in flight at the signal that the server had to answer, 0...1.
    package var completedShare: Double?
    /// Used of the grace period, 0...1.
    package var graceUsed: Double?

    init(_ judge: Judge) {
        let board = judge.board
        guard let signal = board.stopSignal else { return }
        signalToReceivedMs = signal.receivedAt.map { ($0 - signal.at).milliseconds }
        acceptStopMs = board.listener.closedAt.map { ($0 - signal.at).milliseconds }
        if let left = board.rotation.leftAt, let closed = board.listener.closedAt {
            leadMs = (closed - left).milliseconds
        }
        if judge.owed > 0 { completedShare = Double(judge.wholeAtSignal) / Double(judge.owed) }
        guard let exit = board.process.exit else { return }
        signalToExitMs = (exit.at - signal.at).milliseconds
        if let grace = board.grace, grace > .zero {
            graceUsed = board.used(since: signal.at, at: exit.at).seconds / grace.seconds
        }
        idleWaitMs = judge.lastAnswerAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
        drainOverheadMs = judge.lastWorkAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
    }

    /// The numbers by their names in JSON, in the order in which they are printed.
    package enum Name: String, Hashable, Sendable, CaseIterable {
        case signalToReceivedMs, signalToExitMs, drainOverheadMs, idleWaitMs, acceptStopMs, leadMs
        case completedShare, graceUsed

        /// As a person says it.
        package var words: String {
            switch self {
            case .signalToReceivedMs: "from the signal to the server knowing it"
            case .signalToExitMs: "from the signal to the exit"
            case .drainOverheadMs: "from the last work in flight to the exit"
            case .idleWaitMs: "waiting with nothing left to do for anybody outside"
            case .acceptStopMs: "from the signal to the closed listener"
            case .leadMs: "the balancer knew before the listener closed"
            case .completedShare: "requests in flight at the signal answered whole"
            case .graceUsed: "used of the grace period"
            }
        }
    }

    package subscript(name: Name) -> Double? {
        switch name {
        case .signalToReceivedMs: signalToReceivedMs
        case .signalToExitMs: signalToExitMs
        case .drainOverheadMs: drainOverheadMs
        case .idleWaitMs: idleWaitMs
        case .acceptStopMs: acceptStopMs
        case .leadMs: leadMs
        case .completedShare: completedShare
        case .graceUsed: graceUsed
        }
    }

    /// One of them with its unit, as a person writes it; nil where it cannot be known.
    package func text(_ name: Name) -> String? {
        guard let value = self[name] else { return nil }
        return switch name {
        case .completedShare, .graceUsed: "\(Int((value * 1_000).rounded()) / 10) %"
        case .signalToReceivedMs, .signalToExitMs, .drainOverheadMs, .idleWaitMs, .acceptStopMs, .leadMs:
            Time.seconds(value / 1_000).words
        }
    }
}
