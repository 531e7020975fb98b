import Glibc
import Logging
import ServiceLifecycle
import ShutdownTrace

/// The embedded demo server: a small payment service that shuts down as well as a server can.
///
/// Signals are armed before anything slow. Resources are acquired in order, the log first and readiness last, and a
/// `ServiceGroup` releases them in reverse, one after another. The group alone would not do: it swallows the second
/// signal, its one deadline cancels all services at once and loses the order, a service that ends early aborts the
/// drain, and the default actions never come back. So the signals are our own, each resource has its own limit and
/// stays until its own turn, and a second signal ends every wait while the order stays.
public enum DemoServer {
    /// Runs the server until a signal ends it, and returns the exit code for the process.
    ///
    /// Uses the process as a whole: its signals, standard input and output. Run it once, from the main task.
    ///
    /// - Returns: 0 after a clean shutdown, 1 after one that had to cut work, 2 when the server could not start. In a
    ///   scenario without signal code it only returns when it cannot start.
    public static func run(_ configuration: Configuration) async -> Int32 {
        _ = signal(SIGPIPE, SIG_IGN)
        let emitter = Emitter(to: configuration.traced ? 1 : nil)
        let shutdown = Shutdown(emitter: emitter, budgets: configuration.budgets)
        if configuration.behaviour.arming != .never {
            Signals.arm { signal, sender in shutdown.receive(signal, from: sender) }
        }
        if configuration.tied { tieToStandardInput() }
        raiseOpenFiles()
        return await serve(configuration, emitter, shutdown, restore: Signals.restore)
    }

    /// The same without touching the process: the signals come from the caller.
    static func serve(
        _ configuration: Configuration, _ emitter: Emitter, _ shutdown: Shutdown,
        restore: @Sendable () -> Void = {}
    ) async -> Int32 {
        defer { emitter.close() }
        let stack: Stack
        do {
            let port = try open(configuration, emitter)
            stack = try await Stack(configuration, port, emitter, shutdown)
        } catch {
            emitter.report(error)
            return 2
        }
        await run(stack, shutdown)
        restore()
        if configuration.behaviour.arming != .never { emitter.emit(.signalsRestored) }
        emitter.emit(
            .shutdownEnded, [.outcome: .string(shutdown.outcome.rawValue), .took: .time(shutdown.took)])
        return shutdown.outcome.exitCode
    }

    /// Takes the port and writes the head of the trace.
    private static func open(
        _ configuration: Configuration, _ emitter: Emitter
    ) throws(Fault) -> ReservedPort {
        let port = Result { () throws(Fault) in try ReservedPort(configuration.port) }
        var fields = configuration.budgets.fields
        fields[.grace] = .time(configuration.budgets.grace)
        fields[.port] = .number((try? port.get())?.number ?? configuration.port)
        emitter.emit(
            Header(
                started: Clock.wall(), clock: emitter.start, title: configuration.title,
                command: configuration.command, pid: Int(getpid()), fields: fields))
        if configuration.behaviour.arming != .never {
            let numbers = Signals.handled.map { "\($0.rawValue)" }.joined(separator: ",")
            emitter.emit(.signalsArmed, [.caught: .raw("[\(numbers)]")])
        }
        return try port.get()
    }

    private static func run(_ stack: Stack, _ shutdown: Shutdown) async {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: stack.resources.map { .init(service: $0) },
                gracefulShutdownSignals: [], cancellationSignals: [],
                logger: Logger(label: "drainboard") { _ in SwiftLogNoOpLogHandler() }))
        shutdown.began.watch {
            stack.stopIntake()
            Task { await group.triggerGracefulShutdown() }
        }
        do { try await group.run() } catch { stack.emitter.report(Fault("the service group failed: \(error)")) }
    }
}
