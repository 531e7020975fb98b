import ShutdownTrace

/// The server's resources in the order of acquisition, from 1.
enum ResourceKind: Int, CaseIterable, Comparable, Sendable {
    case log = 1
    case ledger, workers, scheduler, websockets, listener, rotation

    /// Its name in the trace.
    var name: ResourceName {
        switch self {
        case .log: .log
        case .ledger: .ledger
        case .workers: .workers
        case .scheduler: .scheduler
        case .websockets: .websockets
        case .listener: .listener
        case .rotation: .rotation
        }
    }

    /// The step that releases it, which the gate may hold the shutdown before.
    var step: ShutdownStep {
        switch self {
        case .rotation: .lead
        case .listener: .closeListener
        case .websockets: .awaitWebSockets
        case .scheduler: .releaseScheduler
        case .workers: .awaitWorkers
        case .ledger: .closeLedger
        case .log: .flushLog
        }
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
