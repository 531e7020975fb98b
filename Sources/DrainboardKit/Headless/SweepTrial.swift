import Experiment
import ShutdownTrace
import Synchronization

/// One run of a sweep: sends the signal at its instant, and remembers the life of the one request.
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
        self.order = order
        self.intended = intended
        self.offset = offset
        self.signal = signal
    }

    var life: WatchedLife { state.withLock { $0.life } }

    func react(to event: Event, _ experiment: Experiment) {
        switch try? event.payload {
        case .balancer(.rotationEntered) where offset < .zero && event.instance == 1:
            arm(experiment, after: intended + offset)
        case .request(.started(let request)) where event.source == .client && request.order == order:
            state.withLock { $0.life.begin(request.id, at: event.time) }
            if offset >= .zero { arm(experiment, after: offset) }
        case .request(.finished(let request)):
            state.withLock { $0.life.end(request.id, with: request.fate, at: event.time) }
        case .payment(let payment) where payment.order == order && event.instance == 1:
            guard case .charged = payment.step else { return }
            state.withLock { $0.life.charge(at: event.time) }
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

/// The life of the one request that a sweep watches, on the clock of its run.
struct WatchedLife: Sendable {
    private(set) var id: Int?
    private(set) var beganAt: Time?
    private(set) var chargedAt: Time?
    private(set) var endedAt: Time?
    private(set) var fate: Fate?
    /// Whether its order was ever charged, by this attempt or a later one.
    private(set) var isCharged = false

    /// The first attempt begins; the life of a later one is not watched.
    mutating func begin(_ id: Int, at time: Time) {
        guard self.id == nil else { return }
        self.id = id
        beganAt = time
    }

    mutating func end(_ id: Int, with fate: Fate?, at time: Time) {
        guard self.id == id else { return }
        self.fate = fate
        endedAt = time
    }

    /// The order is charged; after the end of the first attempt that is the charge of a later one.
    mutating func charge(at time: Time) {
        isCharged = true
        if endedAt == nil { chargedAt = chargedAt ?? time }
    }
}
