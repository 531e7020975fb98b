import Clients
import Glibc
import Monitoring
import NIOCore
import Platform
import ShutdownTrace
import Synchronization

/// The second instance of a run and the balancer in front of both: who starts when, and how it ends.
final class Deploy: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var failure: ExperimentError?
        /// From the wish to the moment when the second instance was in rotation.
        var took = Time.zero
        var isAbandoned = false
        /// The run is about to end: nobody may begin any more.
        var isClosed = false
    }

    let balancer: any Balancer
    /// The second instance is in rotation, or will never be.
    let settled = OneShotEvent()
    private let plan: Plan
    private let reporter: Reporter
    private let loop: any EventLoop
    private let companion: Companion
    private let held: HeldPort
    private let state = Mutex(State())
    private var port: Int { held.number }
    private var clock: RunClock { reporter.clock }

    /// A deploy that has not begun, behind a first instance at the port `first`; the probes that find out when the second
    /// serves are made on `loop`.
    ///
    /// - Throws: ``ExperimentError`` when there is no port left, or no HAProxy.
    init(_ plan: Plan, first: Int, run: Int, on loop: any EventLoop, _ reporter: Reporter) throws(ExperimentError) {
        held = try HeldPort()
        (self.plan, self.loop, self.reporter) = (plan, loop, reporter)
        let polling = plan.balancer ?? BalancerPlan()
        switch plan.balancerKind {
        case .proxy: balancer = try BalancerProxy(polling, reporter)
        case .haproxy: balancer = try HAProxy(polling, instances: [first, held.number], reporter)
        }
        companion = Companion(Launch(plan, run: run, instance: 2, port: held.number), reporter)
    }

    /// Whether a second instance was asked for.
    var hasBegun: Bool { state.withLock { $0.task != nil } }

    var failure: ExperimentError? { state.withLock { $0.failure } }

    /// How long the second instance needed to get into rotation, for signals that were to come after it.
    var took: Time { state.withLock { $0.took } }

    /// Lines that the second instance reported as handed to its log.
    var logLines: Int? { companion.logLines }

    /// Lets the clients come once the first instance is in rotation, and balances until the task is cancelled.
    func carry(
        to first: Int, under sentry: Guard?, _ traffic: Traffic, failed: @escaping @Sendable (ExperimentError) -> Void
    ) async {
        guard let sentry else { return }
        await balancer.add(1, port: first)
        await withDiscardingTaskGroup { [balancer] group in
            group.addTask {
                await balancer.entered(1).wait()
                if balancer.entered(1).hasFired { await traffic.rotate(in: true) }
            }
            group.addTask {
                do { try await balancer.run(under: sentry) } catch let error as ExperimentError { failed(error) } catch
                {}
            }
        }
    }

    /// Starts the second instance unless that was done before; ``settled`` tells when it has taken over.
    func begin(under sentry: Guard) {
        state.withLock { state in
            guard state.task == nil, !state.isAbandoned, !state.isClosed else { return }
            state.task = Task { await start(sentry) }
        }
    }

    /// Kills the second instance, and begins none.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        companion.send(.kill)
        settled.fire()
    }

    /// Asks the second instance to leave, kills it after the grace period, and returns when it is gone.
    func end() async {
        state.withLock { $0.isClosed = true }
        guard hasBegun else { return settled.fire() }
        await settled.wait()
        if companion.status == nil, !state.withLock({ $0.isAbandoned }) {
            tellSent(.terminate)
            companion.send(.terminate)
            await companion.exited.wait(atMost: plan.grace, clock)
        }
        if companion.status == nil, let child = companion.child {
            tellSent(.kill)
            child.killGroup()
        }
        await companion.exited.wait()
        await state.withLock { $0.task }?.value
        lookAfter()
        await companion.release()
        reporter.tell(.deploy(.ended), from: .supervisor)
    }

    private func start(_ sentry: Guard) async {
        let start = clock.now
        do {
            try await spawn(sentry)
            try await serve(since: clock.now)
        } catch {
            state.withLock { $0.failure = .ofReplacement(error) }
            companion.send(.kill)
        }
        state.withLock { $0.took = clock.now - start }
        settled.fire()
    }

    private func spawn(_ sentry: Guard) async throws(ExperimentError) {
        reporter.tell(.deploy(.began(plan.balancerKind, port: balancer.port)), from: .supervisor)
        let reporter = reporter
        try await companion.start(under: sentry, .instance(2)) { status, time in
            reporter.tell(.deploy(.exited(status)), from: .kernel, at: time, instance: 2)
        }
        tell(.deploy(.spawned(pid: companion.child?.pid, port: port, command: companion.launch.told)))
        if state.withLock({ $0.isAbandoned }) { companion.send(.kill) }
    }

    /// Waits until it serves and is in rotation, until it is gone, or until its time is over.
    private func serve(since start: Time) async throws(ExperimentError) {
        let path = plan.balancer?.path ?? "/"
        await race(limit: plan.servingTimeout) { [loop, port, clock, reporter, balancer] in
            guard let prober = try? Prober(port: port, on: loop),
                await prober.waitUntilServing(path, clock) != nil
            else { return }
            reporter.tell(.deploy(.serving(took: clock.now - start)), from: .supervisor, instance: 2)
            await balancer.add(2, port: port)
            await balancer.entered(2).wait()
        }
        if balancer.entered(2).hasFired || state.withLock({ $0.isAbandoned }) { return }
        if let status = companion.status {
            throw .diedAtStart(command: companion.launch.told, status: status.words, lines: companion.lastLines)
        }
        throw .neverServed(
            command: companion.launch.told, port: port, seconds: plan.servingTimeout.seconds, lines: companion.lastLines
        )
    }

    /// Runs the body until it returns, the process is gone, or so much time has passed.
    private func race(limit: Time, _ body: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { [companion, clock] group in
            group.addTask(operation: body)
            group.addTask { await companion.exited.wait(atMost: limit, clock) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Tells of a signal to the second instance by the clean-up.
    private func tellSent(_ signal: Signal) {
        tell(.signal(.sent(.init(signal, pid: companion.child?.pid, by: .cleanup))))
    }

    private func tell(_ payload: Payload) { reporter.tell(payload, from: .supervisor, instance: 2) }

    /// Tells which processes outlived the second instance, and kills them; one that forks while it dies gets a few more
    /// rounds.
    private func lookAfter() {
        guard let child = companion.child else { return }
        var family = Family(server: child.pid, mark: companion.launch.mark)
        for round in 0..<20 {
            _ = family.look(isThorough: true, at: clock.now)
            let left = family.members.values.filter { $0.pid != child.pid }.sorted { $0.pid < $1.pid }
            guard !left.isEmpty else { return }
            for member in left {
                if round == 0 { tell(.process(.leftBehind(pid: member.pid, command: member.facts.command))) }
                member.send(.kill)
            }
            usleep(2_000)
        }
    }
}
