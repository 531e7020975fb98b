import Logging
import ServiceLifecycle

/// How the group of services is put together, which decides the order of the release.
extension Behaviour.Release {
    /// The deadline that a group may have for all its services together.
    private static let deadline = Duration.milliseconds(500)

    /// A group that releases the resources, each as a service of its own, the last one of its list first.
    func group(of resources: [any Resource], _ shutdown: Shutdown) -> ServiceGroup {
        let turns = arranged(resources).map { Turn(resource: $0, shutdown: shutdown, release: self) }
        var configuration = ServiceGroupConfiguration(
            services: turns.map { .init(service: $0) }, gracefulShutdownSignals: [], cancellationSignals: [],
            logger: Logger(label: "drainboard") { _ in SwiftLogNoOpLogHandler() })
        if self == .groupDeadline { configuration.maximumGracefulShutdownDuration = Self.deadline }
        return ServiceGroup(configuration: configuration)
    }

    /// Whether this one returns as soon as the shutdown begins.
    func isEarly(_ kind: ResourceKind) -> Bool { self == .earlyFinisher && kind == .scheduler }

    /// Whether this one works on until its own turn, although the ledger goes before it.
    func worksOn(_ kind: ResourceKind) -> Bool { self == .ledgerFirst && [.workers, .scheduler].contains(kind) }

    private func arranged(_ resources: [any Resource]) -> [any Resource] {
        guard self == .ledgerFirst else { return resources }
        return resources.filter { $0.kind < .ledger } + resources.filter { worksOn($0.kind) }
            + resources.filter { $0.kind == .ledger } + resources.filter { $0.kind > .scheduler }
    }
}
