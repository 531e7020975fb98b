import Clients
import Monitoring
import Platform
import ShutdownTrace
import Synchronization

/// One run, from the start of the server to the last look at what it left.
struct Run: Sendable {
    let experiment: Experiment
    let port: Int
    let traffic: TrafficGenerator
    let deploy: DeployRun?
    let reaper: ProcessReaper
    let launch: Launch
    let sequencer: EventSequencer
    let events: AsyncStream<Event>

    var plan: Plan { experiment.plan }
    var clock: RunClock { experiment.clock }
    var reporter: Reporter { experiment.reporter }

    /// Runs all of it.
    func run() async throws {
        let streams = try Child.Streams()
        let channel = try TraceChannel()
        defer { channel.close() }
        var launch = launch
        launch.environment[TraceChannel.variable] = channel.path
        try await Child.spawn(launch, streams) { child in
            reaper.watch(group: child.pid)
            try await live(child, streams, channel)
        }
    }

    private func live(_ child: Child, _ streams: Child.Streams, _ channel: TraceChannel) async throws {
        let monitor = try ProcessMonitor(
            server: child.pid, port: port, mark: launch.mark, isAlone: !plan.isAsked, reporter)
        reporter.tell(.run(.began), from: .supervisor, at: .zero)
        reporter.tell(.process(.spawned(pid: child.pid, command: launch.told)), from: .supervisor)
        let output = try OutputReader(
            out: streams.output.handOverReading(), err: streams.error.handOverReading(), channel: channel, reporter,
            .judged { [experiment] in experiment.hear($0) }, spoke: experiment.spoke)
        let server = RunState.Server(
            child: child, input: streams.input, monitor: monitor, grace: GracePeriod(plan.grace))
        // The server is known before its first line is delivered, to which an observer may answer with a signal.
        let isAbandoned = experiment.state.withLock { state in
            state.run(server)
            return state.isAbandoned
        }
        let header = header(pid: child.pid)
        let sequencing = Task { [sequencer, events] in
            var sequencer = sequencer
            await sequencer.run(header: header, events)
        }
        if isAbandoned { experiment.abandon() }
        if !plan.isTied { streams.input.closeWriting() }
        monitor.start()
        let work = Task { await conduct(monitor) }
        let status = await watch(child, output)
        await monitor.finish()
        let isLeft = await lookAfter(monitor, output, work)
        streams.input.closeWriting()
        reporter.tell(.run(.ended), from: .supervisor)
        reporter.end()
        await sequencing.value
        try judgeStart(status, isLeft: isLeft, output.tail.lastLines, isTakenBy: isLeft ? nil : stranger(monitor))
    }

    /// Reports what the kernel tells of the process, and returns how it ended.
    private func watch(_ child: Child, _ output: OutputReader) async -> ExitStatus? {
        for await (change, time) in child.changes(clock) {
            switch change {
            case .stopped(let signal): reporter.tell(.process(.stopped(by: signal)), from: .kernel, at: time)
            case .continued: reporter.tell(.process(.continued), from: .kernel, at: time)
            case .ended(let status):
                experiment.state.withLock { $0.end() }
                // The server's last lines come before the report of its end, unless another process holds its pipe.
                await output.ended.wait(atMost: .milliseconds(100), clock)
                reporter.tell(.process(.exited(status)), from: .kernel, at: time)
                return status
            }
        }
        return nil
    }

    /// Starts the traffic when the server answers, and sends the scheduled signals, until it is cancelled.
    private func conduct(_ monitor: ProcessMonitor) async {
        let start = clock.now
        await withDiscardingTaskGroup { group in
            group.addTask { await sendSignals(since: .spawn, start) }
            group.addTask {
                if let serving = await waitUntilServing(since: start, monitor) { await serve(since: serving) }
            }
        }
    }

    private func serve(since serving: Time) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await balance() }
            group.addTask { [traffic] in await traffic.run() }
            group.addTask { [traffic, plan, experiment] in
                guard plan.workload.target != nil, let complaint = await traffic.complaintOnceChecked() else { return }
                experiment.fail(.badPlan(complaint))
            }
            group.addTask { [traffic, experiment] in
                if let cause = await traffic.shortageOnceMet() { experiment.fail(.shortage(cause)) }
            }
            group.addTask { await sendSignals(since: .serving, serving) }
        }
    }

    /// Decides where clients go: the balancer of a single server turns clients away itself, one in front of two lets all
    /// of them come.
    private func balance() async {
        if let deploy {
            await deploy.carry(to: port, traffic) { experiment.fail($0) }
        } else if plan.balancer != nil,
            let dialer = try? Dialer(port: port, of: plan.workload.target?.url, on: traffic.loop)
        {
            await dialer.poll(
                experiment.polling, reporter, while: { await !traffic.isOver }, failed: { giveUp(on: $0, $1) }
            ) {
                await traffic.rotate(in: $0)
            }
        } else {
            await traffic.rotate(in: true)
        }
    }

    /// Ends a check whose readiness check cannot pass: no client would ever come.
    ///
    /// A person can look on, and mend it.
    private func giveUp(on probes: EarlyProbes, _ balancer: BalancerPlan) {
        guard plan.workload.target != nil, plan.signals.contains(where: { $0.since == .serving }),
            !experiment.state.withLock({ $0.wasSignalled }),
            let span = probes.hopeless(at: clock.now, limit: plan.servingTimeout)
        else { return }
        experiment.fail(
            .probeHopeless(path: balancer.path, probes.answer.words, seconds: (span.seconds * 10).rounded() / 10))
    }

    private func header(pid: Int) -> Header {
        var facts = RunFacts()
        facts.server = plan.server
        facts.seed = plan.seed
        facts.rate = plan.workload.rate
        // A server that is not asked may listen elsewhere, or nowhere.
        facts.port = plan.isAsked ? port : nil
        facts.budgets = plan.budgets
        facts.grace = plan.grace
        facts.isUnasked = !plan.isAsked
        facts.threshold = plan.balancer?.threshold
        facts.interval = plan.balancer?.interval
        facts.invocation = plan.invocation
        facts.url = plan.url
        facts.version = Program.version
        facts.host = Program.host
        return Header(
            started: clock.rfc3339, clock: clock.origin, title: plan.title, command: launch.told, pid: pid,
            fields: facts.fields)
    }
}
