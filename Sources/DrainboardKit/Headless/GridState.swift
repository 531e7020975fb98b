import Clients
import Experiment
import Lessons
import ShutdownTrace

/// The state that the demo server is in when the grid's signal comes; each is a column of the table.
enum GridState: CaseIterable, Hashable, Sendable {
    case starting, idle, inFlight, draining, workers, ledger, log, twice

    var name: String {
        switch self {
        case .starting: "starting"
        case .idle: "idle"
        case .inFlight: "in flight"
        case .draining: "draining"
        case .workers: "workers"
        case .ledger: "ledger"
        case .log: "log"
        case .twice: "twice"
        }
    }

    /// The step before which the gate holds the server until the signal has come.
    var heldStep: ShutdownStep? {
        switch self {
        case .workers: .awaitWorkers
        case .ledger: .closeLedger
        case .log: .flushLog
        case .starting, .idle, .inFlight, .draining, .twice: nil
        }
    }

    /// Schedules the signals so that the grid's signal comes in this state.
    ///
    /// A signal that ends no process by default may be ignored. The grace period is then 8 s, so that the run need not
    /// wait 45 s for SIGKILL.
    func arrange(_ signal: Signal, in setup: inout LessonSetup) {
        let isFatal = [.terminate, .core].contains(signal.defaultAction)
        if !isFatal { setup.grace = .seconds(8) }
        let whileBusy = ScheduledSignal(signal, after: .seconds(0.6), when: .inFlight(6))
        switch self {
        case .starting: setup.signals = [ScheduledSignal(signal, after: .zero, since: .spawn, when: .spoken)]
        case .idle:
            setup.workload = .none
            setup.signals = [ScheduledSignal(signal, after: .seconds(0.3))]
        case .inFlight: setup.signals = [whileBusy]
        case .draining, .workers, .ledger, .log:
            // The trial sends the grid's signal once SIGTERM has brought the server to the state.
            setup.signals = [ScheduledSignal(.terminate, after: .seconds(0.6), when: .inFlight(6))]
        case .twice:
            setup.signals = [whileBusy, ScheduledSignal(signal, after: .seconds(0.3), since: .signal(0))]
        }
    }
}
