import Clients
import Experiment
import Lessons
import ShutdownTrace

/// Where in its life the server is when the signal comes.
enum GridState: Hashable, Sendable {
    case starting, idle, inFlight, draining
    case releasing(String)
    case twice

    static let all: [GridState] =
        [.starting, .idle, .inFlight, .draining] + ["workers", "ledger", "log"].map(GridState.releasing) + [.twice]

    var name: String {
        switch self {
        case .starting: "starting"
        case .idle: "idle"
        case .inFlight: "in flight"
        case .draining: "draining"
        case .releasing(let name): "in \(name)"
        case .twice: "twice"
        }
    }

    /// Arranges a run in which the signal comes in this state.
    ///
    /// What ends no process by default may not be heard at all, and nobody wants to wait 45 s for SIGKILL then; 8 s are
    /// less than a server has to answer for the first time.
    func arrange(_ signal: Signal, in setup: inout LessonSetup) {
        let isFatal = [.terminate, .core].contains(signal.defaultAction)
        if !isFatal { setup.grace = .seconds(8) }
        setup.signals = []
        switch self {
        case .starting: setup.signals = [ScheduledSignal(signal, after: .zero, since: .spawn, when: .spoken)]
        case .idle:
            setup.workload = .none
            setup.signals = [ScheduledSignal(signal, after: .seconds(0.3))]
        case .inFlight: setup.signals = [ScheduledSignal(signal, after: .seconds(0.6), whenInFlight: 6)]
        case .draining, .releasing: setup.signals = [ScheduledSignal(.terminate, after: .seconds(0.6), whenInFlight: 6)]
        case .twice:
            setup.signals = [
                ScheduledSignal(signal, after: .seconds(0.6), whenInFlight: 6),
                ScheduledSignal(signal, after: .seconds(0.3), since: .signal(0)),
            ]
        }
    }
}
