import Logging
import ServiceLifecycle

/// How the group of services is put together, which decides the order of the release.
extension Behaviour.Release {
    /// The deadline that a group may have for all its services together.
    private static let deadline = Duration.milliseconds(500)

    /// A group that releases the resources, each as a service of its own, the last one of its list first.
    func group(of resources: [any Resource], _ shutdown: Shutdown) -> ServiceGroup {
        let turns = arranged(resources).map { resource in
            Turn(
                resource: resource, shutdown: shutdown,
                isEarly: self == .earlyFinisher && resource.name == .scheduler)
        }
        var configuration = ServiceGroupConfiguration(
            services: turns.map { .init(service: $0) }, gracefulShutdownSignals: [], cancellationSignals: [],
            logger: Logger(label: "drainboard") { _ in SwiftLogNoOpLogHandler() })
        if self == .groupDeadline { configuration.maximumGracefulShutdownDuration = Self.deadline }
        return ServiceGroup(configuration: configuration)
    }

    private func arranged(_ resources: [any Resource]) -> [any Resource] {
        guard self == .ledgerFirst else { return resources }
        let users: Set<ResourceName> = [.workers, .scheduler]
        return resources.filter { $0.name < .ledger } + resources.filter { users.contains($0.name) }
            + resources.filter { $0.name == .ledger } + resources.filter { $0.name > .scheduler }
    }
}
