import Experiment
import ShutdownTrace
import Synchronization

/// Sends one signal of the grid at the state that it is meant for.
final class GridTrial: Sendable {
    private let signal: Signal
    private let state: GridState
    private let isSent = Mutex(false)

    init(_ signal: Signal, in state: GridState) { (self.signal, self.state) = (signal, state) }

    /// Whether the server came to the state that was meant.
    var wasReached: Bool {
        switch state {
        case .starting, .idle, .inFlight, .twice: true
        case .draining, .releasing: isSent.withLock(\.self)
        }
    }

    /// For the signal to arrive before the server goes on.
    private static let pause = Duration.milliseconds(300)

    func take(_ event: Event, _ experiment: Experiment) {
        switch (state, event.kind) {
        case (.draining, .drainBegan): send(experiment)
        case (.releasing, .shutdownBegan): experiment.tell(.hold)
        case (.releasing(let name), .gateHeld):
            // The next step is held in the same order, or it could be over before it is held.
            guard event.fields.string(.name)?.contains(name) == true else {
                experiment.tell(.step)
                return
            }
            send(experiment)
            Task {
                try? await Task.sleep(for: Self.pause)
                experiment.tell(.release)
            }
        default: break
        }
    }

    private func send(_ experiment: Experiment) {
        let isFirst = isSent.withLock { sent in
            defer { sent = true }
            return !sent
        }
        if isFirst { experiment.send(signal, by: .check) }
    }
}
