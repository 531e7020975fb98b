import Experiment
import ShutdownBoard
import ShutdownTrace
import Synchronization

/// One run of the grid: sends the signal when the server is in the state that is meant.
final class GridTrial: Sendable {
    let signal: Signal
    let state: GridState
    private let isSent = Mutex(false)

    /// The time that the signal has to arrive before the server goes on.
    private static let pause = Duration.milliseconds(300)

    init(_ signal: Signal, in state: GridState) {
        self.signal = signal
        self.state = state
    }

    /// Whether the server came to the state that was meant.
    var wasReached: Bool {
        switch state {
        case .starting, .idle, .inFlight, .twice: true
        case .draining, .workers, .ledger, .log: isSent.withLock(\.self)
        }
    }

    /// Whether a run came out as it must for a server that handles TERM and INT and leaves the rest to the kernel.
    func isExpected(_ verdict: Verdict) -> Bool {
        guard wasReached else { return true }
        switch verdict.word {
        case .graceful, .slow, .inconclusive: return true
        case .unhandled, .ignored, .reloaded, .forceKilled: return signal != .terminate && signal != .interrupt
        case .refusedWork, .dropped, .duplicated, .crashed, .badExit, .orphans, .wrongOrder: return false
        }
    }

    func react(to event: Event, _ experiment: Experiment) {
        switch try? event.payload {
        case .shutdown(.drainBegan) where state == .draining: send(experiment)
        case .shutdown(.began) where state.heldStep != nil: experiment.tell(.hold)
        case .gate(.held(let step?)) where step == state.heldStep:
            send(experiment)
            Task {
                try? await Task.sleep(for: Self.pause)
                experiment.tell(.release)
            }
        // One command goes on and holds again, so that the step that is meant cannot be over before it is held.
        case .gate(.held): experiment.tell(.step)
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
