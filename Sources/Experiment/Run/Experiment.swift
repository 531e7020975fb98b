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
/// An experiment runs once. The server does not outlive this process, in whatever way this process ends.
package final class Experiment: Sendable {
    package let plan: Plan
    let state = Mutex(RunState())
    let clock = RunClock()
    let spoke = OneShotEvent()
    let draining = OneShotEvent()
    let reporter: Reporter
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

    var traffic: TrafficGenerator? { state.withLock { $0.parts?.traffic } }
    var deploy: DeployRun? { state.withLock { $0.parts?.deploy } }

    /// The files that this run is recorded in, once it is prepared; one that took no more is none of them.
    package var recordings: [String] { state.withLock { $0.parts?.recordings ?? [] } }

    /// What the server does with each signal now; nil when it is not running.
    package var masks: SignalMasks? { state.withLock { $0.server }.flatMap { SignalMasks(pid: $0.child.pid) } }

    /// Runs once, and returns when the process is gone and everything was looked at.
    ///
    /// Cancelling the task is the same as ``abandon()``.
    ///
    /// - Throws: ``RunError`` when the run could not be made.
    package func run() async throws {
        let task = Task { try await prepare() }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            abandon()
        }
    }

    /// Kills the server and its replacement now; the run then ends as after any other exit.
    package func abandon() { abandon(because: nil) }

    /// Ends a run that turned out to be impossible; ``run()`` throws the first such error.
    func fail(_ error: RunError) { abandon(because: error) }

    private func abandon(because error: RunError?) {
        state.withLock { $0.abandon(because: error) }
        deploy?.abandon()
        send(.kill, by: .cleanup)
    }

    // MARK: Preparation

    /// Removes, once in the life of this process, what another one left in the temporary directory when it was killed.
    private static let sweeping: Void = startThread(named: "sweep") { OwnedFolder.sweep() }

    private func prepare() async throws {
        try plan.validate()
        try plan.requireOpenFiles()
        let port = try choosePort()
        let removable = plan.workingDirectory.flatMap { FileManager.default.fileExists(atPath: $0) ? nil : $0 }
        Self.sweeping
        let name = StateFolder.name(stamp: clock.fileStamp, title: plan.title, pid: getpid())
        let recorder = try Recorder(files: plan.recordings, keeping: plan.keeping, name: name)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Void, any Error>
        do {
            try await ProcessReaper.run(removing: removable) { reaper in
                // Only the reaper outlives a SIGKILL, so nothing that must be removed is made before it runs.
                let folder = try removable.map { path throws(RunError) in try OwnedFolder(making: path) }
                defer { folder?.remove() }
                try await makeRun(port: port, recorder, on: group.next(), reaper).run()
            }
            result = .success(())
        } catch {
            if !state.withLock({ $0.hasBegun }) { recorder.discard() }
            result = .failure(error)
        }
        await deploy?.balancer.stop()
        try? await group.shutdownGracefully()
        try result.get()
    }

    private func makeRun(
        port: Int, _ recorder: Recorder, on loop: any EventLoop, _ reaper: ProcessReaper
    ) throws -> Run {
        let number = Int(clock.origin.microseconds)
        let deploy = try plan.replacement.map { _ in
            try DeployRun(plan, first: port, run: number, on: loop, under: reaper, reporter)
        }
        var workload = plan.workload
        workload.warmUp = plan.servingTimeout
        let traffic = try TrafficGenerator(
            workload, seed: plan.seed, port: port, on: loop, reporter, balancer: deploy?.balancer.port)
        state.withLock { $0.prepare(.init(recordings: recorder.paths, traffic: traffic, deploy: deploy)) }
        let sequencer = EventSequencer(
            reporter, recorder: recorder, interpreter,
            recorded: { [self] files in state.withLock { $0.record(in: files) } },
            observe: { [self] line in
                if case .event(let event) = line.item { notice(event) }
                observe(line)
            })
        return Run(
            experiment: self, port: port, traffic: traffic, deploy: deploy, reaper: reaper,
            launch: Launch(plan, run: number, instance: 1, port: port), sequencer: sequencer, events: events)
    }

    private func choosePort() throws(RunError) -> Int {
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
}
