import Clients
import Monitoring
import NIOCore
import Platform
import ShutdownTrace
import Synchronization

/// The second instance of a run and the balancer in front of both.
final class DeployRun: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var failure: RunError?
        var isAbandoned = false
        /// The run is about to end: no second instance may begin any more.
        var isClosed = false
    }

    let balancer: any Balancer
    /// The second instance is in rotation, or will never be.
    let settled = OneShotEvent()
    private let plan: Plan
    private let reporter: Reporter
    private let loop: any EventLoop
    private let process: SupervisedProcess
    private let held: HeldPort
    private let state = Mutex(State())
    private var port: Int { held.number }
    private var clock: RunClock { reporter.clock }

    /// Prepares, but does not begin, a deploy beside a first instance on the port `first`.
    ///
    /// `run` is unique among the runs since boot; the probes of the second instance are made on `loop`.
    ///
    /// - Throws: ``RunError`` when there is no port left, or no HAProxy.
    init(
        _ plan: Plan, first: Int, run: Int, on loop: any EventLoop, under reaper: ProcessReaper, _ reporter: Reporter
    ) throws(RunError) {
        held = try HeldPort()
        self.plan = plan
        self.loop = loop
        self.reporter = reporter
        let polling = plan.balancer ?? BalancerPlan()
        switch plan.balancerKind {
        case .proxy: balancer = try BalancerProxy(polling, reporter)
        case .haproxy: balancer = try HAProxy(polling, instances: [first, held.number], under: reaper, reporter)
        }
        process = SupervisedProcess(
            Launch(plan, run: run, instance: 2, port: held.number), under: reaper, reporter)
    }

    var hasBegun: Bool { state.withLock { $0.task != nil } }

    var failure: RunError? { state.withLock { $0.failure } }

    private var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Lets the clients come once the first instance is in rotation, and balances until the task is cancelled.
    func carry(to first: Int, _ traffic: TrafficGenerator, failed: @escaping @Sendable (RunError) -> Void) async {
        await balancer.add(1, port: first)
        await withDiscardingTaskGroup { [balancer] group in
            group.addTask {
                await balancer.entered(1).wait()
                if balancer.entered(1).hasFired { await traffic.rotate(in: true) }
            }
            group.addTask {
                do { try await balancer.run() } catch { if let error = error as? RunError { failed(error) } }
            }
        }
    }

    /// Starts the second instance unless that was done before; ``settled`` tells when it has taken over.
    func begin() {
        state.withLock { state in
            guard state.task == nil, !state.isAbandoned, !state.isClosed else { return }
            state.task = Task { await start() }
        }
    }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        process.send(.kill)
        settled.fire()
    }

    /// Asks the second instance to leave, kills it after the grace period, and returns when it is gone.
    func end() async {
        state.withLock { $0.isClosed = true }
        guard hasBegun else { return settled.fire() }
        await settled.wait()
        if process.status == nil, !isAbandoned {
            tellSent(.terminate)
            process.send(.terminate)
            await process.exited.wait(atMost: plan.grace, clock)
        }
        if process.status == nil, let child = process.child {
            tellSent(.kill)
            child.killGroup()
        }
        await process.exited.wait()
        await state.withLock { $0.task }?.value
        lookAfter()
        await process.release()
        reporter.tell(.deploy(.ended), from: .supervisor)
    }

    private func start() async {
        do throws(RunError) {
            try await spawn()
            try await serve(since: clock.now)
        } catch {
            state.withLock { $0.failure = .ofReplacement(error) }
            process.send(.kill)
        }
        settled.fire()
    }

    private func spawn() async throws(RunError) {
        reporter.tell(.deploy(.began(plan.balancerKind, port: balancer.port)), from: .supervisor)
        try await process.start(.instance(2)) { [reporter] status, time in
            reporter.tell(.deploy(.exited(status)), from: .kernel, at: time, instance: 2)
        }
        tell(.deploy(.spawned(pid: process.child?.pid, port: port, command: process.launch.told)))
        if isAbandoned { process.send(.kill) }
    }

    /// Waits until the second instance serves and is in rotation, until it is gone, or until its time is over.
    private func serve(since start: Time) async throws(RunError) {
        let path = plan.balancer?.path ?? "/"
        await withTaskGroup(of: Void.self) {
            [process, loop, port, clock, balancer, limit = plan.servingTimeout] group in
            group.addTask {
                guard let dialer = try? Dialer(port: port, on: loop),
                    await dialer.waitUntilServing(.path(path), clock) != nil
                else { return }
                self.tell(.deploy(.serving(took: clock.now - start)))
                await balancer.add(2, port: port)
                await balancer.entered(2).wait()
            }
            group.addTask { await process.exited.wait(atMost: limit, clock) }
            await group.next()
            group.cancelAll()
        }
        if balancer.entered(2).hasFired || isAbandoned { return }
        if let status = process.status {
            throw .diedAtStart(command: process.launch.told, status: status.words, lines: process.lastLines)
        }
        throw .neverServed(
            command: process.launch.told, port: port, seconds: plan.servingTimeout.seconds, lines: process.lastLines)
    }

    /// Reports a signal that the clean-up sends to the second instance.
    private func tellSent(_ signal: Signal) {
        tell(.signal(.sent(.init(signal, pid: process.child?.pid, by: .cleanup))))
    }

    private func tell(_ payload: Payload) { reporter.tell(payload, from: .supervisor, instance: 2) }

    /// Reports which processes outlived the second instance, and kills them.
    private func lookAfter() {
        guard let child = process.child else { return }
        var tree = ProcessTree(server: child.pid, mark: process.launch.mark)
        _ = tree.look(isThorough: true, at: clock.now)
        for member in tree.others { tell(.process(.leftBehind(pid: member.pid, command: member.facts.command))) }
        tree.killOthers { clock.now }
    }
}
