import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// Readiness, which the balancer reads: acquired last, given up first.
///
/// When it falls, the health endpoint says 503 at once while traffic is served as before, for as long as a balancer
/// needs to notice.
final class Rotation: Resource {
    let kind = ResourceKind.rotation
    let emitter: Emitter

    private let lead: Lead
    private let forced: Moment
    private let ready = Atomic(false)

    init(emitter: Emitter, lead: Lead, forced: Moment) {
        self.emitter = emitter
        self.lead = lead
        self.forced = forced
    }

    var isReady: Bool { ready.load(ordering: .relaxed) }

    /// Lets the balancer send requests.
    func raise() {
        tellAcquired("readiness")
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
