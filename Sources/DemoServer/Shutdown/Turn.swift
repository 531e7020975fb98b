import ServiceLifecycle
import ShutdownTrace

/// A resource as a service of the group, which tells one after another, the last one first, and waits for each.
///
/// It stays until its own turn even when its work has ended, because the group takes an early return for a failure and
/// cancels all others; and its deadline is inside the resource, because a deadline of the group cancels all at once and
/// loses the order.
struct Turn: Service {
    let resource: any Resource
    let shutdown: Shutdown
    let release: Behaviour.Release

    func run() async throws {
        if release.isEarly(resource.name) { await shutdown.began.wait() } else { try? await gracefulShutdown() }
        await shutdown.gate.pass(to: resource.name.step, unless: shutdown.forced)
        if release.worksOn(resource.name) { resource.stopIntake() }
        await resource.letGo()
    }
}

extension ResourceName {
    /// The step that releases this resource, which the gate may hold the shutdown before.
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
}
