internal import ShutdownTrace

/// What was measured in a run, in milliseconds; nil where it cannot be known.
package struct Numbers: Hashable, Sendable {
    private var values: [Name: Double] = [:]

    init(_ judge: Judge) {
        let board = judge.board
        guard let signal = board.stopSignal else { return }
        values[.signalToReceivedMs] = signal.receivedAt.map { ($0 - signal.at).milliseconds }
        values[.acceptStopMs] = board.listener.closedAt.map { ($0 - signal.at).milliseconds }
        if let left = board.rotation.leftAt, let closed = board.listener.closedAt {
            values[.leadMs] = (closed - left).milliseconds
        }
        if judge.owed > 0 { values[.completedShare] = Double(judge.wholeAtSignal) / Double(judge.owed) }
        guard let exit = board.process.exit else { return }
        values[.signalToExitMs] = (exit.at - signal.at).milliseconds
        if let grace = board.grace, grace > .zero {
            values[.graceUsed] = board.used(since: signal.at, at: exit.at).seconds / grace.seconds
        }
        values[.idleWaitMs] = judge.lastAnswerAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
        values[.drainOverheadMs] = judge.lastWorkAt.map { max(0, board.used(since: $0, at: exit.at).milliseconds) }
    }

    package subscript(name: Name) -> Double? { values[name] }

    /// The numbers by their names in JSON, in the order in which they are printed.
    ///
    /// In the waits, the time for which a person held the server does not count.
    package enum Name: String, Hashable, Sendable, CaseIterable {
        case signalToReceivedMs, signalToExitMs, drainOverheadMs, idleWaitMs, acceptStopMs
        /// Negative is an exposed window: the listener closed before the load balancer knew.
        case leadMs
        /// A share of the requests that the server had to answer, 0...1.
        case completedShare
        /// 0...1.
        case graceUsed

        /// As a person says it.
        package var words: String {
            switch self {
            case .signalToReceivedMs: "from the signal to the server knowing it"
            case .signalToExitMs: "from the signal to the exit"
            case .drainOverheadMs: "from the last work in flight to the exit"
            case .idleWaitMs: "waiting with nothing left to do for anybody outside"
            case .acceptStopMs: "from the signal to the closed listener"
            case .leadMs: "the balancer knew before the listener closed"
            case .completedShare: "of the requests that were sent before the signal and not taken back: answered whole"
            case .graceUsed: "used of the grace period"
            }
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
