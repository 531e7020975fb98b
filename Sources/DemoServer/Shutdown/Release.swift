import Logging
import ServiceLifecycle

/// How the service group is put together, which decides the order of the release.
extension Behaviour.Release {
    /// The deadline of a group for all its services together.
    private static let deadline = Duration.milliseconds(500)

    /// A group with a service for each resource, which releases the last one of its list first.
    func group(of resources: [any ServerResource], _ shutdown: ShutdownControl) -> ServiceGroup {
        let services = arranged(resources).map { ResourceService(resource: $0, shutdown: shutdown, release: self) }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [], cancellationSignals: [],
            logger: Logger(label: "drainboard") { _ in SwiftLogNoOpLogHandler() })
        if self == .groupDeadline { configuration.maximumGracefulShutdownDuration = Self.deadline }
        return ServiceGroup(configuration: configuration)
    }

    /// Whether the service of a resource returns as soon as the shutdown begins.
    func isEarly(_ kind: ResourceKind) -> Bool { self == .earlyFinisher && kind == .scheduler }

    /// Whether a resource takes new work until its own turn, although the ledger is released before it.
    func worksOn(_ kind: ResourceKind) -> Bool { self == .ledgerFirst && [.workers, .scheduler].contains(kind) }

    private func arranged(_ resources: [any ServerResource]) -> [any ServerResource] {
        guard self == .ledgerFirst else { return resources }
        return resources.filter { $0.kind < .ledger } + resources.filter { worksOn($0.kind) }
            + resources.filter { $0.kind == .ledger } + resources.filter { $0.kind > .scheduler }
    }
}
