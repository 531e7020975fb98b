import Clients
import Monitoring
import Platform
import ShutdownTrace
import Synchronization

/// Whose port it is: a run asks only its own server, and judges no other.
extension Run {
    /// Whether nobody else listens where the server is asked; otherwise the run fails with a sentence.
    func ownsPort(_ monitor: ProcessMonitor) async -> Bool {
        guard plan.isAsked, stranger(monitor) != nil else { return true }
        // A socket on its way from one process of the server to another is in nobody's hands for a moment.
        try? await clock.sleep(.milliseconds(20))
        guard let occupant = stranger(monitor) else { return true }
        experiment.fail(.portTaken(port, by: occupant, command: launch.told))
        return false
    }

    /// The same when the first signal is about to be sent; a server that was asked to stop may leave its port to others.
    func ownsPortAtSignal() async -> Bool {
        let monitor = experiment.state.withLock { $0.wasSignalled ? nil : $0.server?.monitor }
        guard let monitor else { return true }
        return await ownsPort(monitor)
    }

    /// Who listens where the server is asked while no process of the server does.
    func stranger(_ monitor: ProcessMonitor) -> Occupant? {
        monitor.stranger(on: port, at: plan.workload.target?.url.addresses ?? ["127.0.0.1"])
    }
}
