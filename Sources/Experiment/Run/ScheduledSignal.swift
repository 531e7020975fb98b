package import ShutdownTrace

/// A signal that the experiment sends by itself.
package struct ScheduledSignal: Hashable, Sendable {
    /// The moment from which the signal's time counts.
    package enum Origin: Hashable, Sendable {
        /// The start of the process, when the server may not be ready for a signal yet.
        case spawn
        /// The server's first answer.
        case serving
        /// The signal at this place of the plan, which must be sent before this one.
        case signal(Int)
    }

    /// What the signal waits for once its time has come.
    package enum Condition: Hashable, Sendable {
        case inFlight(Int)
        /// Every kind of work that the clients bring is under way, and so many requests are in flight.
        ///
        /// Idle connections are idle, and uploads and pipelined requests have succeeded once, unless the server takes longer
        /// than half a second for an answer. This takes 0.5 to 1.5 s.
        case underWay(Int)
        /// A payment's row is committed and its answer is not out yet.
        ///
        /// This works only for a server that reports `payment.charged` in its trace.
        case charged
        /// The server has printed something: its own code runs, and it may not be ready yet.
        case spoken
        /// The server has been draining for so long, as its trace reports.
        case draining(Time)
    }

    package var signal: Signal
    /// The time after ``since``; 0 or more.
    package var after: Time
    package var since: Origin
    package var condition: Condition
    package var target: SignalTarget
    /// The longest wait for the condition; then the signal is sent all the same.
    package var patience: Time

    package init(
        _ signal: Signal, after: Time, since: Origin = .serving, when condition: Condition = .inFlight(0),
        to target: SignalTarget = .process, patience: Time = .seconds(10)
    ) {
        self.signal = signal
        self.after = after
        self.since = since
        self.condition = condition
        self.target = target
        self.patience = patience
    }
}
