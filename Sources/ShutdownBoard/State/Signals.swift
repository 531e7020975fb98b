package import ShutdownTrace

/// One signal that was sent to the server.
package struct SentSignal: Hashable, Sendable {
    package var signal: Signal
    package var at: Time
    package var by: SignalSender
    /// Requests in flight at that moment.
    package var inFlight: Int
    /// When the server said that it received it.
    package var receivedAt: Time?

    init(_ signal: Signal, at time: Time, by sender: SignalSender, inFlight: Int, receivedAt: Time?) {
        self.signal = signal
        at = time
        by = sender
        self.inFlight = inFlight
        self.receivedAt = receivedAt
    }

    /// Whether it was sent to end the server: a check sends no other, and Apache's graceful stop is SIGWINCH.
    package var asksToStop: Bool { by == .check || signal.asksToStop }
}

extension SentSignal? {
    /// "1.4 s after SIGTERM", "8 ms before SIGTERM"; without a signal "1.4 s after the start".
    package func words(beside time: Time) -> String {
        guard let self else { return "\(time.words) after the start" }
        return time < self.at
            ? "\((self.at - time).words) before \(self.signal.name)"
            : "\((time - self.at).words) after \(self.signal.name)"
    }
}

/// The signals of a run, and what the server does with each.
package struct Signals: Hashable, Sendable {
    package internal(set) var sent: [SentSignal] = []
    /// The first signal that asks the server to stop.
    var stop: SentSignal? { sent.first(where: \.asksToStop) }
    /// When the server said that it received a signal of which nobody has said yet that it was sent.
    var overtaken: [Signal: Time] = [:]
    /// From `/proc/PID/status`, when somebody last looked.
    package internal(set) var masks: SignalMasks?

    /// What this process will do with a signal.
    package enum Prediction: Hashable, Sendable {
        /// Its own handler runs.
        case caught
        /// Nothing happens.
        case ignored
        /// It waits until the process unblocks it.
        case blocked
        /// The kernel acts: terminate, dump core, stop, go on, or nothing.
        case byDefault(Signal.DefaultAction)
        /// Nobody has looked at the masks.
        case unknown

        /// A few words for the menu.
        package var words: String {
            switch self {
            case .caught: "caught: its own handler runs"
            case .ignored: "ignored: nothing happens"
            case .blocked: "blocked: waits until unblocked"
            case .byDefault(.terminate): "default: dies at once"
            case .byDefault(.core): "default: dies, may dump core"
            case .byDefault(.stop): "default: freezes"
            case .byDefault(.resume): "default: goes on"
            case .byDefault(.ignore): "default: nothing happens"
            case .unknown: "not known yet"
            }
        }
    }

    package func prediction(for signal: Signal) -> Prediction {
        if signal.isUncatchable { return .byDefault(signal.defaultAction) }
        return masks?.prediction(for: signal) ?? .unknown
    }
}

extension SignalMasks {
    /// What a process with these masks does with a signal that can be caught.
    func prediction(for signal: Signal) -> Signals.Prediction {
        // A blocked signal that is caught is usually read from a signalfd or by sigwait; the handler's turn still comes.
        if caught.contains(signal) { return .caught }
        if ignored.contains(signal) { return .ignored }
        if blocked.contains(signal) { return .blocked }
        return .byDefault(signal.defaultAction)
    }
}
