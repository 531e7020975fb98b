import CLinux
import Clients
import Foundation
import Glibc
import Monitoring
import NIOCore
import NIOPosix
import Platform
package import ShutdownTrace
import Synchronization

/// One run: starts the server, drives traffic, plays the balancer, sends signals, looks from outside, and merges
/// everything into one trace.
///
/// Make one for each run. The server does not outlive this process, in whatever way it ends.
package final class Experiment: Sendable {
    package let plan: Plan

    struct State {
        var child: Child?
        /// The other end of its standard input.
        var input: Platform.Pipe?
        var traffic: Traffic?
        var deploy: Deploy?
        var sentry: Guard?
        var witness: Witness?
        var grace = Grace()
        var recordings: [String] = []
        var isAbandoned = false
        /// Somebody sent a signal: however it ends, it did not end by itself.
        var wasSignalled = false
        /// The header was delivered: the recording is the merger's.
        var hasBegun = false
        var isServing = false
        var timedOut = false
        /// It took connections then, and had answered none.
        var isSilent = false
        /// Where it listened then.
        var portsElsewhere: [Int] = []
        /// What else made the run impossible.
        var failure: ExperimentError?
        var lead = KeptLead()
        /// Whoever waits for a committed payment.
        var charges: [AsyncStream<Int>.Continuation] = []
    }

    let state = Mutex(State())
    let clock = RunClock()
    /// The server has printed something.
    let spoke = OneShotEvent()
    /// The server has told that it drains.
    let draining = OneShotEvent()
    let reporter: Reporter
    /// How the balancer of a single server polls.
    let polling: Polling
    private let events: AsyncStream<Event>
    private let interpreter: (any OutputInterpreter)?
    private let observe: @Sendable (TraceLine) -> Void

    /// - Parameters:
    ///   - plan: What to run.
    ///   - interpreter: Reads what the server prints; nil leaves its lines as they are.
    ///   - observe: Gets the header and then every event, numbered and merged, one after the other on a task of the
    ///     run; it must not block for long.
    package init(
        plan: Plan, interpreter: (any OutputInterpreter)? = nil,
        observe: @escaping @Sendable (TraceLine) -> Void
    ) {
        self.plan = plan
        self.interpreter = interpreter
        self.observe = observe
        let (events, stream) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        reporter = Reporter(clock: clock, into: stream)
        polling = Polling(plan.balancer ?? BalancerPlan())
    }

    /// Runs once, and returns when the process is gone and everything was looked at.
    ///
    /// Cancelling the task is the same as ``abandon()``.
    ///
    /// - Throws: ``ExperimentError`` when the run could not be made.
    package func run() async throws {
        let task = Task { try await prepare() }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            abandon()
        }
    }

    var deploy: Deploy? { state.withLock { $0.deploy } }

    /// The files that this run is recorded in, once it has begun.
    package var recordings: [String] { state.withLock { $0.recordings } }

    /// What the server does with each signal now; nil when it is not running.
    package var masks: SignalMasks? { state.withLock { $0.child }.flatMap { SignalMasks(pid: $0.pid) } }

    /// The recorded runs of the state folder, newest first.
    package static func recordings() -> [String] { Recorder.recordings() }

    /// Sends a signal to the server that is judged, and to nothing else.
    ///
    /// The first signal that asks it to stop starts the grace period.
    ///
    /// - Parameters:
    ///   - signal: Any; it goes to exactly this process (pidfd_send_signal(2)).
    ///   - sender: Who wants it.
    ///   - target: The process, or all of its process group (kill(2) with a negative number).
    /// - Returns: False when the server is not running.
    @discardableResult
    package func send(_ signal: Signal, by sender: SignalSender, to target: SignalTarget = .process) -> Bool {
        if let masks { reporter.tell(.signal(.seen(masks)), from: .kernel) }
        if sender == .check, signal != .kill { lengthenLead() }
        let time = clock.now
        let sent: (pid: Int, failure: Int32)? = state.withLock { state in
            guard let child = state.child else { return nil }
            state.wasSignalled = true
            let failure = child.send(signal, to: target)
            // Told before anybody can tell of the end that it brings: that needs this lock first.
            if failure == 0 { tellSent(signal, sender, to: target, pid: child.pid, at: time) }
            return (child.pid, failure)
        }
        guard let sent else { return false }
        guard sent.failure == 0 else {
            undelivered(signal, sender, to: target, sent.failure)
            return false
        }
        let asksToStop = asksToStop(signal, sender)
        state.withLock { $0.witness }?.signalled(stops: asksToStop)
        if asksToStop {
            startGrace(at: time)
            let traffic = state.withLock { $0.traffic }
            Task { await traffic?.signalled(at: time) }
        }
        return true
    }

    /// A person may try another way; a check has nothing else to wait for.
    private func undelivered(_ signal: Signal, _ sender: SignalSender, to target: SignalTarget, _ failure: Int32) {
        let isEmpty = target == .group && failure == ESRCH
        let cause =
            isEmpty
            ? "nobody is in the process group that it was started in: it has left it. Send it to the main process"
            : String(cString: strerror(failure)).lowercased()
        let sentence = "\(signal.name) did not reach the server: \(cause)."
        if sender == .check { fail(.badPlan(sentence)) } else { reporter.fault(sentence) }
    }

    private func tellSent(
        _ signal: Signal, _ sender: SignalSender, to target: SignalTarget, pid: Int, at time: Time
    ) {
        reporter.tell(
            .signal(.sent(.init(signal, pid: pid, by: sender, target: target))), from: .supervisor, at: time)
    }

    /// No new request arrives from now on.
    package func endTraffic() {
        let traffic = state.withLock { $0.traffic }
        Task { await traffic?.close() }
    }

    /// Kills the server and its replacement now; the run then ends as after any other exit.
    package func abandon() {
        state.withLock { $0.isAbandoned = true }
        deploy?.abandon()
        send(.kill, by: .cleanup)
    }

    /// Ends a run that turned out to be impossible; ``run()`` throws the first such error.
    func fail(_ error: ExperimentError) {
        state.withLock { $0.failure = $0.failure ?? error }
        abandon()
    }

    /// A person's HUP or USR1 may ask for something else; what a check sends is meant to stop the server, unless the
    /// check has another signal for that.
    private func asksToStop(_ signal: Signal, _ sender: SignalSender) -> Bool {
        switch (signal, signal.defaultAction) {
        case (.kill, _): false
        case (.terminate, _), (.interrupt, _), (.quit, _): true
        case (_, .terminate), (_, .core): sender == .check
        default:
            sender == .check
                && !plan.signals.contains {
                    $0.signal != .kill && [.terminate, .core].contains($0.signal.defaultAction)
                }
        }
    }

    private func prepare() async throws {
        try plan.validate()
        let port = try choosePort()
        let removable = plan.workingDirectory.flatMap { FileManager.default.fileExists(atPath: $0) ? nil : $0 }
        defer { if let removable { try? FileManager.default.removeItem(atPath: removable) } }
        let name = Recorder.name(stamp: clock.fileStamp, title: plan.title, pid: getpid())
        let recorder = try Recorder(files: plan.recordings, directory: plan.stateDirectory, name: name)
        state.withLock { $0.recordings = recorder.paths }
        clinux_raise_files(65_536)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let course = try course(port: port, recorder, on: group.next())
            try await Guard.run(removing: removable) {
                // Not before: whoever dies here must leave nothing, and only the guard outlives a SIGKILL.
                if let removable { try Self.makeDirectory(removable) }
                try await course.spawn($0)
            }
        } catch {
            if !state.withLock({ $0.hasBegun }) { recorder.discard() }
            await deploy?.balancer.stop()
            try? await group.shutdownGracefully()
            throw error
        }
        await deploy?.balancer.stop()
        try? await group.shutdownGracefully()
    }

    private func course(port: Int, _ recorder: Recorder, on loop: any EventLoop) throws -> Run {
        let number = Int(clock.origin.microseconds)
        let deploy = try plan.replacement.map { _ in try Deploy(plan, first: port, run: number, on: loop, reporter) }
        let traffic = try Traffic(
            plan.workload, seed: plan.seed, port: deploy?.balancer.port ?? port, on: loop, reporter,
            isBalanced: deploy != nil)
        state.withLock { ($0.traffic, $0.deploy) = (traffic, deploy) }
        let merger = Merger(reporter, recorder: recorder, interpreter) { [self] line in
            if case .event(let event) = line.item { notice(event) }
            observe(line)
        }
        return Run(self, number: number, port: port, traffic, deploy, merger, events)
    }

    private func choosePort() throws(ExperimentError) -> Int {
        guard let port = plan.port else {
            if let free = FreePorts.next() { return free }
            throw .cannotStart(command: plan.command.joined(separator: " "), cause: "no free port was found")
        }
        // A stranger on another address of the port would answer in the server's place.
        let isTaken = try? plan.workload.target.map { _ in
            try SocketDiag(port: port).look(connections: false).isListening
        }
        if isTaken == true { throw .portBusy(port) }
        switch clinux_try_listen(UInt16(port)) {
        case 0: return port
        case EADDRINUSE: throw .portBusy(port)
        case let failure:
            throw .badPlan("Cannot listen on port \(port): \(String(cString: strerror(failure))). Choose another.")
        }
    }

    private static func makeDirectory(_ path: String) throws(ExperimentError) {
        guard mkdir(path, 0o700) != 0 else { return }
        throw .cannotMakeDirectory(path: path, cause: String(cString: strerror(errno)))
    }
}
