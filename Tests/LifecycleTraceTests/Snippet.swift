import LifecycleTrace
import ServiceLifecycle

/// The lines of README's "Use it in your Swift service", so that they compile and run.
func runShop(_ configuration: ServiceGroupConfiguration) async throws {
    let trace = ServiceTrace("shop")
    let group = ServiceGroup(configuration: trace.wrap(configuration))
    try await group.run()
}
