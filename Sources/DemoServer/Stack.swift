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
    func stopIntake() {
        for resource in resources.reversed() { resource.stopIntake() }
    }

    private static func acquire(
        _ configuration: Configuration, _ port: ReservedPort, _ emitter: Emitter, _ shutdown: Shutdown,
        into acquired: inout [any Resource]
    ) async throws(Fault) {
        let budgets = configuration.budgets
        let log = try AccessLog(path: configuration.log, emitter: emitter, limit: budgets.flush)
        acquired.append(log)
        let ledger = try Ledger(path: configuration.database, emitter: emitter, limit: budgets.ledger)
        acquired.append(ledger)
        acquired.append(
            try Workers(ledger: ledger, emitter: emitter, limit: budgets.workers, forced: shutdown.forced))
        acquired.append(Scheduler(ledger: ledger, emitter: emitter))
        let hub = WebSocketHub(emitter: emitter, drain: budgets.drain, forced: shutdown.forced)
        acquired.append(hub)
        let connections = Connections(emitter: emitter)
        let rotation = Rotation(emitter: emitter, lead: budgets.lead, forced: shutdown.forced)
        let server = HTTPServer(
            routes: Routes(ledger: ledger, rotation: rotation, connections: connections), connections: connections,
            hub: hub, log: log, emitter: emitter)
        acquired.append(try await Listener(port, server: server, limit: budgets.drain, shutdown: shutdown))
        acquired.append(rotation)
        rotation.raise()
    }
}
