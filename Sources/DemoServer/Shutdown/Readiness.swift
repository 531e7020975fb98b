import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// The readiness that the load balancer reads: acquired last, released first.
///
/// Once it is lowered, the health endpoint answers 503. The server goes on serving for the lead, so that the load
/// balancer notices.
final class Readiness: ServerResource {
    let kind = ResourceKind.rotation
    let emitter: Emitter

    private let lead: LeadTimer
    private let forced: OneShotEvent
    private let ready = Atomic(false)

    init(emitter: Emitter, lead: LeadTimer, forced: OneShotEvent) {
        self.emitter = emitter
        self.lead = lead
        self.forced = forced
    }

    var isReady: Bool { ready.load(ordering: .relaxed) }

    /// Lets the load balancer send requests.
    func raise() {
        emitAcquired("readiness")
        ready.store(true, ordering: .relaxed)
        emitter.emit(.balancer(.readinessRaised))
    }

    func stopIntake() {
        ready.store(false, ordering: .relaxed)
        emitter.emit(.balancer(.readinessLowered))
    }

    func release() async throws(Fault) -> String {
        let start = Clock.now()
        let length = await lead.run(unless: forced)
        emitter.emit(.shutdown(.leadEnded))
        return length.map { "\($0.seconds) s lead" } ?? "cut short after \((Clock.now() - start).seconds) s"
    }
}
