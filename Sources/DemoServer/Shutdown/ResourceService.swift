import Platform
import ServiceLifecycle
import ShutdownTrace

/// A resource as a service of the group, which stops one service after another, the last one first.
///
/// The service stays until its own turn even when its work has ended, because the group takes an early return for a
/// failure and cancels all others. The limit is inside the resource, because a deadline of the group cancels all services
/// at once and loses the order.
struct ResourceService: Service {
    let resource: any ServerResource
    let shutdown: ShutdownControl
    let release: Behaviour.Release

    func run() async throws {
        if release.isEarly(resource.kind) { await shutdown.began.outcome() } else { try? await gracefulShutdown() }
        await shutdown.gate.pass(to: resource.kind.step, unless: shutdown.forced)
        if release.worksOn(resource.kind) { resource.stopIntake() }
        await resource.releaseNow()
    }
}
