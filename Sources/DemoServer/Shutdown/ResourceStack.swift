import LifecycleTrace
import Platform
import ShutdownTrace

/// All resources of the server, in the order in which they were acquired.
struct ResourceStack: Sendable {
    let resources: [any ServerResource]
    let emitter: Emitter

    /// Acquires one resource after another; if one fails, the resources before it are released again.
    init(
        _ configuration: Configuration, _ port: ReservedPort, _ emitter: Emitter, _ shutdown: ShutdownControl
    ) async throws(Fault) {
        self.emitter = emitter
        var acquired: [any ServerResource] = []
        do throws(Fault) {
            try await Self.acquire(configuration, port, emitter, shutdown, into: &acquired)
        } catch {
            for resource in acquired.reversed() { await resource.releaseNow() }
            throw error
        }
        resources = acquired
    }

    /// Stops the intake of every resource, the outermost first.
    func stopIntake(_ release: Behaviour.Release = .reversed) {
        for resource in resources.reversed() where !release.worksOn(resource.kind) { resource.stopIntake() }
    }

    /// Releases every resource below the listener at once, also while the service group releases them.
    func cleanUp() async {
        for resource in resources.reversed() where resource.kind < .listener { await resource.releaseNow() }
    }

    /// Closes the listener, and nothing else.
    func closeListener() async {
        for case let listener as HTTPListener in resources { await listener.close() }
    }

    private static func acquire(
        _ configuration: Configuration, _ port: ReservedPort, _ emitter: Emitter, _ shutdown: ShutdownControl,
        into acquired: inout [any ServerResource]
    ) async throws(Fault) {
        let budgets = configuration.limits
        let behaviour = configuration.behaviour
        let log = try AccessLog(
            path: configuration.log, emitter: emitter, limit: budgets.flush,
            isBuffered: behaviour.leaving == .skipsTheFlush)
        acquired.append(log)
        let ledger = try LedgerDatabase(path: configuration.database, emitter: emitter, limit: budgets.ledger)
        acquired.append(ledger)
        acquired.append(
            try Workers(
                ledger: ledger, emitter: emitter, limit: budgets.workers, forced: shutdown.forced,
                helper: behaviour.helper))
        acquired.append(Scheduler(ledger: ledger, emitter: emitter))
        let hub = WebSocketHub(
            emitter: emitter, drain: budgets.drain, forced: shutdown.forced, behaviour: behaviour.websockets)
        acquired.append(hub)
        let connections = Connections(emitter: emitter)
        let rotation = Readiness(emitter: emitter, lead: shutdown.lead, forced: shutdown.forced)
        let processor: any PaymentProcessor =
            behaviour.acknowledgement == .fromMemory ? DeferredPaymentProcessor(ledger, until: shutdown.began) : ledger
        let server = HTTPServer(
            routes: Routes(
                ledger: ledger, processor: processor, rotation: rotation, connections: connections, shutdown: shutdown,
                behaviour: behaviour),
            connections: connections, hub: hub, log: log, emitter: emitter, behaviour: behaviour,
            instance: configuration.instance)
        acquired.append(try await HTTPListener(port, server: server, limit: budgets.drain, shutdown: shutdown))
        acquired.append(rotation)
        rotation.raise()
    }
}
