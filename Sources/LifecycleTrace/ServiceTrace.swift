internal import Glibc
internal import Logging
import Platform
public import ServiceLifecycle
public import ShutdownTrace
internal import Synchronization
internal import UnixSignals

/// The trace of an application made of services: who holds out, who is told to stop, who ended, in which order.
///
/// ```swift
/// let trace = ServiceTrace("shop")
/// let group = ServiceGroup(configuration: trace.wrap(configuration))
/// try await group.run()
/// ```
///
/// Each service becomes a resource of the trace: acquired when the group starts, being released from the moment it is
/// told to stop or cancelled, released when its `run()` returns, failed when that throws. The services behave as they
/// did, and none of them ever waits for the trace. When the last one has ended the trace is complete and closes, so make
/// one for one run of one group.
public final class ServiceTrace: Sendable {
    /// Writes the trace; an application may tell more through it, such as the requests that it cuts.
    public let emitter: Emitter

    private let story: Mutex<Story>

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
        emitter = Emitter(to: opened.descriptor, closes: opened.isOurs)
        story = Mutex(Story(emitter))
        let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "server"
        var facts = RunFacts()
        facts.port = port
        facts.grace = grace
        emitter.emit(
            Header(
                started: Clock.wall(), clock: emitter.start, title: title ?? program,
                command: CommandLine.arguments.joined(separator: " "), pid: Int(getpid()), fields: facts.fields))
    }

    /// The configuration with all its services traced, and with a logger that also notes each signal that comes.
    ///
    /// The group tells of a signal only in its log, with metadata; the application's own log stays as it is.
    public func wrap(_ configuration: ServiceGroupConfiguration) -> ServiceGroupConfiguration {
        var configuration = configuration
        let signals = configuration.gracefulShutdownSignals + configuration.cancellationSignals
        story.withLock { story in
            for signal in signals { story.handled.insert(Signal(rawValue: signal.rawValue)) }
        }
        configuration.services = wrap(configuration.services)
        let key = configuration.logging.keys.signalKey
        configuration.logger.handler = SignalTap(configuration.logger.handler, key: key) { signal in
            self.story.withLock { $0.receive(signal) }
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
            let index = story.withLock { $0.add(name, ignoring: Self.ignored(by: service)) }
            traced.service = TracedService(service: service.service, trace: self, index: index)
            return traced
        }
    }

    /// A service that is traced under a name, or under that of its type.
    ///
    /// Wrap them in the order of the group, the one that the others need first. A name that is taken gets a number.
    public func wrap(_ service: any Service, as name: String? = nil) -> any Service {
        let index = story.withLock { $0.add(name ?? Self.name(of: service)) }
        return TracedService(service: service, trace: self, index: index)
    }

    /// The end of the last service ends the trace.
    func tell(_ change: (inout Story) -> Void) {
        let ends = story.withLock { story in
            let wasOver = story.isOver
            change(&story)
            return story.isOver && !wasOver
        }
        if ends { emitter.close() }
    }

    private static func ignored(by service: ServiceGroupConfiguration.ServiceConfiguration) -> Set<Story.End> {
        // The behaviour tells itself apart from others by its description only.
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
