import Experiment
import ShutdownTrace
import Synchronization

/// One run of a sweep: sends the signal at its instant, and remembers what became of the one request.
final class SweepTrial: Sendable {
    let offset: Time
    private let order: Int
    private let intended: Time
    private let signal: Signal
    private let state = Mutex(State())

    private struct State: Sendable {
        var isArmed = false
        var life = WatchedLife()
    }

    init(order: Int, intended: Time, offset: Time, signal: Signal) {
        (self.order, self.intended, self.offset, self.signal) = (order, intended, offset, signal)
    }

    var seen: WatchedLife { state.withLock { $0.life } }

    func take(_ event: Event, _ experiment: Experiment) {
        switch try? event.payload {
        case .balancer(.rotationEntered) where offset < .zero && event.instance == 1:
            arm(experiment, after: intended + offset)
        case .request(.started(let request)) where event.source == .client && request.order == order:
            state.withLock { state in
                guard state.life.id == nil else { return }
                state.life.id = request.id
                state.life.beganAt = event.time
            }
            if offset >= .zero { arm(experiment, after: offset) }
        case .request(.finished(let request)):
            state.withLock { state in
                guard state.life.id == request.id else { return }
                state.life.fate = request.fate
                state.life.endedAt = event.time
            }
        case .payment(let payment) where payment.order == order && event.instance == 1:
            guard case .charged = payment.step else { return }
            state.withLock { state in
                state.life.isCharged = true
                // A later charge is another attempt's.
                if state.life.endedAt == nil { state.life.chargedAt = state.life.chargedAt ?? event.time }
            }
        default: break
        }
    }

    private func arm(_ experiment: Experiment, after span: Time) {
        let isFirst = state.withLock { state in
            defer { state.isArmed = true }
            return !state.isArmed
        }
        guard isFirst else { return }
        Task { [signal] in
            try? await Task.sleep(for: .microseconds(max(0, span.microseconds)))
            experiment.send(signal, by: .check)
        }
    }
}
