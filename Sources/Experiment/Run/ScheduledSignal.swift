package import ShutdownTrace

/// A signal that the experiment sends by itself.
package struct ScheduledSignal: Hashable, Sendable {
    /// Where its time counts from.
    package enum Origin: Hashable, Sendable {
        /// The process was started: the server may not be ready for a signal yet.
        case spawn
        /// It answered for the first time.
        case serving
        /// The signal at this place of the plan was sent; it must come before this one.
        case signal(Int)
    }

    /// What it waits for once its time has come.
    package enum Condition: Hashable, Sendable {
        /// So many client requests are in flight.
        case inFlight(Int)
        /// Every kind of work that its clients bring is under way, and so many requests are in flight.
        ///
        /// Idle connections are idle, and kinds that only count once they have succeeded have done so, unless the server
        /// takes longer than half a second for an answer: then they could not in time. This takes 0.5 to 1.5 s.
        case underWay(Int)
        /// A payment's row is committed and its answer is not out yet.
        ///
        /// Only a server that tells `payment.charged` in its trace can be caught there.
        case charged
        /// The server has printed anything at all: its own code runs, and it may not be ready yet.
        case spoken
        /// The server has been draining for so long, as its trace tells.
        case draining(Time)
    }

    package var signal: Signal
    /// Since ``since``; 0 or more.
    package var after: Time
    package var since: Origin
    package var condition: Condition
    package var target: SignalTarget
    /// It waits for its condition no longer than this, and is sent all the same.
    package var patience: Time

    /// A signal that waits for a condition.
    package init(
        _ signal: Signal, after: Time, since: Origin = .serving, when condition: Condition,
        to target: SignalTarget = .process,
        patience: Time = .seconds(10)
    ) {
        self.signal = signal
        self.after = after
        self.since = since
        self.condition = condition
        self.target = target
        self.patience = patience
    }

    /// A signal that waits until so many requests are in flight.
    package init(
        _ signal: Signal, after: Time, since: Origin = .serving, whenInFlight count: Int = 0,
        to target: SignalTarget = .process, patience: Time = .seconds(10)
    ) {
        self.init(signal, after: after, since: since, when: .inFlight(count), to: target, patience: patience)
    }
}
