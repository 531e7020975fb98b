import LifecycleTrace
import ShutdownTrace

/// All resources, in the order in which they were acquired.
struct Stack: Sendable {
    let resources: [any Resource]
    let emitter: Emitter

    /// Acquires one after another; if one fails, those before it are released again.
    init(
        _ configuration: Configuration, _ port: ReservedPort, _ emitter: Emitter, _ shutdown: Shutdown
    ) async throws(Fault) {
        self.emitter = emitter
        var acquired: [any Resource] = []
        do throws(Fault) {
            try await Self.acquire(configuration, port, emitter, shutdown, into: &acquired)
        } catch {
            for resource in acquired.reversed() { await resource.letGo() }
            throw error
        }
        resources = acquired
    }

    /// Closes the intake along the flow of work, outermost first.
    func stopIntake(_ release: Behaviour.Release = .reversed) {
        for resource in resources.reversed() where !release.worksOn(resource.kind) { resource.stopIntake() }
    }

    /// Releases everything behind the door, at once, whoever else is doing so.
    func cleanUp() async {
        for resource in resources.reversed() where resource.kind < .listener { await resource.letGo() }
    }

    /// Closes the door, and nothing else.
    func closeListener() async {
        for case let listener as Listener in resources { await listener.close() }
    }

    private static func acquire(
        _ configuration: Configuration, _ port: ReservedPort, _ emitter: Emitter, _ shutdown: Shutdown,
        into acquired: inout [any Resource]
    ) async throws(Fault) {
        let (budgets, behaviour) = (configuration.limits, configuration.behaviour)
        let log = try AccessLog(
            path: configuration.log, emitter: emitter, limit: budgets.flush,
            isBuffered: behaviour.leaving == .skipsTheFlush)
        acquired.append(log)
        let ledger = try Ledger(path: configuration.database, emitter: emitter, limit: budgets.ledger)
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
        let rotation = Rotation(emitter: emitter, lead: shutdown.lead, forced: shutdown.forced)
        let till: any Till =
            behaviour.acknowledgement == .fromMemory ? HastyTill(ledger, until: shutdown.began) : ledger
        let server = HTTPServer(
            routes: Routes(
                ledger: ledger, till: till, rotation: rotation, connections: connections, shutdown: shutdown,
                behaviour: behaviour),
            connections: connections, hub: hub, log: log, emitter: emitter, behaviour: behaviour,
            instance: configuration.instance)
        acquired.append(try await Listener(port, server: server, limit: budgets.drain, shutdown: shutdown))
        acquired.append(rotation)
        rotation.raise()
    }
}
