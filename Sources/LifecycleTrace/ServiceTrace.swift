internal import Glibc
internal import Logging
import Platform
public import ServiceLifecycle
public import ShutdownTrace
internal import Synchronization
internal import UnixSignals

/// The trace of an application made of services: which service stops and ends when, and in which order.
///
/// ```swift
/// let trace = ServiceTrace("shop")
/// let group = ServiceGroup(configuration: trace.wrap(configuration))
/// try await group.run()
/// ```
///
/// Each service becomes a resource of the trace: acquired when the group starts, releasing from when it is told to stop
/// or cancelled, released when its `run()` returns, failed when `run()` throws. The services behave as without a trace,
/// and none of them ever waits for it. The trace closes when the last service has ended, so make one for one run of one
/// group.
public final class ServiceTrace: Sendable {
    /// Writes the trace; an application may emit more events, such as the requests that it cuts.
    public let emitter: Emitter

    private let state: Mutex<GroupState>

    /// Begins a trace with its header.
    ///
    /// - Parameters:
    ///   - title: The program's name in the trace; by default that of its file.
    ///   - destination: Where the trace goes; by default where the environment says, else nowhere.
    ///   - port: The port that it serves on, if it has one.
    ///   - grace: The time between SIGTERM and SIGKILL that its supervisor is known to grant.
    public init(
        _ title: String? = nil, to destination: TraceDestination = .environment, port: Int? = nil, grace: Time? = nil
    ) {
        let opened = destination.open()
        emitter = Emitter(to: opened.descriptor, closes: opened.isOwned)
        state = Mutex(GroupState(emitter))
        let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "server"
        var facts = RunFacts()
        facts.port = port
        facts.grace = grace
        emitter.emit(
            Header(
                started: Clock.wall(), clock: emitter.start, title: title ?? program,
                command: CommandLine.arguments.joined(separator: " "), pid: Int(getpid()), fields: facts.fields))
    }

    /// The configuration with all its services traced, and with a logger that also traces each signal.
    ///
    /// A group mentions a signal only in the metadata of its log. The application's log stays as it is.
    public func wrap(_ configuration: ServiceGroupConfiguration) -> ServiceGroupConfiguration {
        var configuration = configuration
        let signals = configuration.gracefulShutdownSignals + configuration.cancellationSignals
        state.withLock { state in
            for signal in signals { state.handled.insert(Signal(rawValue: signal.rawValue)) }
        }
        configuration.services = wrap(configuration.services)
        let key = configuration.logging.keys.signalKey
        configuration.logger.handler = SignalTap(configuration.logger.handler, key: key) { signal in
            self.state.withLock { $0.receive(signal) }
        }
        return configuration
    }

    /// The services of a group in its order, each traced under the name of its type.
    public func wrap(_ services: [any Service]) -> [any Service] {
        services.map { wrap($0) }
    }

    /// The services of a group in its order, each traced under its name, with its own termination behaviour.
    public func wrap(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration]
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        services.map { service in
            var traced = service
            let isNamed = service.serviceName != "\(service.service)"
            let name = isNamed ? service.serviceName : Self.name(of: service.service)
            let index = state.withLock { $0.add(name, ignoring: Self.ignored(by: service)) }
            traced.service = TracedService(service: service.service, trace: self, index: index)
            return traced
        }
    }

    /// A service that is traced under a name, or under that of its type.
    ///
    /// Wrap services in the order of the group: first the one that the others need. A name that is taken gets a number.
    public func wrap(_ service: any Service, as name: String? = nil) -> any Service {
        let index = state.withLock { $0.add(name ?? Self.name(of: service)) }
        return TracedService(service: service, trace: self, index: index)
    }

    /// Changes the state of the group; the end of the last service closes the trace.
    func update(_ change: (inout GroupState) -> Void) {
        let ends = state.withLock { state in
            let wasOver = state.isOver
            change(&state)
            return state.isOver && !wasOver
        }
        if ends { emitter.close() }
    }

    private static func ignored(by service: ServiceGroupConfiguration.ServiceConfiguration) -> Set<
        GroupState.UnaskedEnd
    > {
        // The type has no public equality; its values differ in their description only.
        func isIgnore(_ behaviour: ServiceGroupConfiguration.ServiceConfiguration.TerminationBehavior) -> Bool {
            "\(behaviour)" == "\(type(of: behaviour).ignore)"
        }
        return Set(
            (isIgnore(service.successTerminationBehavior) ? [.success] : [])
                + (isIgnore(service.failureTerminationBehavior) ? [.failure] : []))
    }

    private static func name(of service: any Service) -> String {
        (service as? any CustomStringConvertible).map { "\($0)" } ?? "\(type(of: service))"
    }
}
