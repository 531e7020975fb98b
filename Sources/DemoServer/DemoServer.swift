import Glibc
import LifecycleTrace
import Platform
import ServiceLifecycle
import ShutdownTrace

/// The embedded demo server: a small payment service that shuts down as well as a server can.
///
/// Signals are armed before anything slow. Resources are acquired in order, the log first and readiness last, and a
/// `ServiceGroup` releases them in reverse, one after another. The group alone would not do: it swallows the second
/// signal, its one deadline cancels all services at once and loses the order, a service that ends early aborts the
/// drain, and the default actions never come back. So the server handles signals itself, each resource has its own limit
/// and stays until its own turn, and a second signal ends every wait while the order stays.
package enum DemoServer {
    /// Runs the server until a signal ends it, and returns the exit code for the process.
    ///
    /// Uses the process as a whole: its signals, standard input and output. Run it once, from the main task.
    ///
    /// - Returns: 0 after a clean shutdown, 1 after one that had to cut work, 2 when the server could not start. A server
    ///   without signal handlers returns only when it cannot start; some behaviours end the process themselves.
    package static func run(_ configuration: Configuration) async -> Int32 {
        _ = signal(SIGPIPE, SIG_IGN)
        let behaviour = configuration.behaviour
        let trace = configuration.destination.open()
        let emitter = Emitter(to: trace.descriptor, closes: trace.isOwned)
        let shutdown = ShutdownControl(emitter: emitter, budgets: configuration.limits, behaviour: behaviour)
        let signals = SignalHandlers(behaviour.hangup)
        let arm: @Sendable () -> Void = { signals.arm { shutdown.receive($0, from: $1) } }
        if behaviour.arming == .first { arm() }
        if configuration.tied { CommandInput.listen { obey($0, shutdown, emitter) } }
        OpenFiles.raise()
        let code = await serve(configuration, emitter, shutdown, arm: arm, restore: signals.restore)
        switch behaviour.leaving {
        case .diesOfTheSignal: if let signal = shutdown.signal { SignalHandlers.die(of: signal) }
        case .skipsTheFlush: _exit(code)
        case .exits: break
        }
        return code
    }

    /// Runs the server without touching the process: the caller delivers the signals.
    ///
    /// Calls `arm` when the handlers are to be installed after the start, and `restore` when the default actions come back.
    static func serve(
        _ configuration: Configuration, _ emitter: Emitter, _ shutdown: ShutdownControl,
        arm: @Sendable () -> Void = {}, restore: @Sendable () -> Void = {}
    ) async -> Int32 {
        defer { emitter.close() }
        let behaviour = configuration.behaviour
        let stack: ResourceStack
        do {
            let port = try open(configuration, emitter)
            if behaviour.start == .slow { await shutdown.began.outcome(within: configuration.slowStart) }
            stack = try await ResourceStack(configuration, port, emitter, shutdown)
        } catch {
            emitter.report(error)
            return 2
        }
        if behaviour.arming == .whenServing {
            arm()
            emitArmed(behaviour, emitter)
        }
        if behaviour.release == .nothing {
            await shutdown.began.outcome()
            await stack.closeListener()
            return 0
        }
        await run(stack, shutdown, behaviour)
        restore()
        if behaviour.arming != .never { emitter.emit(.signal(.restored)) }
        emitter.emit(.shutdown(.ended(shutdown.outcome, took: shutdown.took)))
        return shutdown.outcome.exitCode
    }

    /// Binds the port and writes the header of the trace.
    private static func open(
        _ configuration: Configuration, _ emitter: Emitter
    ) throws(Fault) -> ReservedPort {
        let port = Result { () throws(Fault) in try ReservedPort(configuration.port) }
        var facts = RunFacts()
        facts.server = .demo
        facts.port = (try? port.get())?.number ?? configuration.port
        facts.budgets = configuration.limits
        facts.grace = configuration.limits.grace
        emitter.emit(
            Header(
                started: Clock.wall(), clock: emitter.start, title: configuration.title,
                command: configuration.command, pid: Int(getpid()), fields: facts.fields))
        if configuration.behaviour.arming == .first { emitArmed(configuration.behaviour, emitter) }
        return try port.get()
    }

    private static func emitArmed(_ behaviour: Behaviour, _ emitter: Emitter) {
        emitter.emit(.signal(.armed(caught: SignalSet(SignalHandlers(behaviour.hangup).handled))))
    }

    private static func run(_ stack: ResourceStack, _ shutdown: ShutdownControl, _ behaviour: Behaviour) async {
        let group = behaviour.release.group(of: stack.resources, shutdown)
        shutdown.began.watch {
            stack.stopIntake(behaviour.release)
            Task { await group.triggerGracefulShutdown() }
        }
        shutdown.repeated.watch { Task { await stack.cleanUp() } }
        do { try await group.run() } catch {
            shutdown.fail()
            // The description of the error names files and types of this program.
            let isEarly = (error as? ServiceGroupError)?.errorCode == .serviceFinishedUnexpectedly
            let cause = isEarly ? "a service returned before its turn" : "it was cancelled"
            stack.emitter.report(Fault("the service group gave up the order of the release: \(cause)"))
        }
    }

    private static func obey(_ command: ControlCommand?, _ shutdown: ShutdownControl, _ emitter: Emitter) {
        if let command { return shutdown.obey(command) }
        emitter.report(
            Fault("standard input said something that is none of hold, release, step, lead SECONDS and keep SECONDS"))
    }
}
