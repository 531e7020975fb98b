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
    var step: String {
        switch self {
        case .rotation: "the lead"
        case .listener: "the listener closes"
        case .websockets: "the WebSockets are waited for"
        case .scheduler: "the scheduler is released"
        case .workers: "the workers are waited for"
        case .ledger: "the ledger closes"
        case .log: "the log is flushed"
        }
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
