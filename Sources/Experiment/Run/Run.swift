import Clients
import Monitoring
import Platform
import ShutdownTrace
import Synchronization

/// The course of one run, from the spawn to the last look.
struct Run: Sendable {
    let experiment: Experiment
    let traffic: Traffic
    /// Nil for a single server.
    let deploy: Deploy?
    private let launch: Launch
    private let port: Int
    private let merger: Merger
    private let events: AsyncStream<Event>

    var plan: Plan { experiment.plan }
    var clock: RunClock { experiment.clock }
    private var reporter: Reporter { experiment.reporter }

    /// How long clients may still learn their fate, and readers read, after the exit.
    private static let tail = Time.seconds(1)
    /// The same between two answers, where a process was left behind that may still give them.
    private static let patienceWithOrphans = Time.seconds(3)
    /// How long payments may go on to be tried, and requests to be answered, behind a replacement.
    private static let patience = Time.seconds(8)

    /// A run that has not begun; `number` is another for each run of the machine.
    init(
        _ experiment: Experiment, number: Int, port: Int, _ traffic: Traffic, _ deploy: Deploy?, _ merger: Merger,
        _ events: AsyncStream<Event>
    ) {
        (self.experiment, self.port, self.traffic, self.deploy) = (experiment, port, traffic, deploy)
        (self.merger, self.events) = (merger, events)
        launch = Launch(experiment.plan, run: number, instance: 1, port: port)
    }

    /// Runs all of it.
    ///
    /// - Throws: ``ExperimentError`` when the server could not be started, or ended before it answered once.
    func spawn(_ sentry: Guard) async throws {
        let (streams, channel) = (try Child.Streams(), try TraceChannel())
        defer { channel.close() }
        var launch = launch
        launch.environment[TraceChannel.variable] = channel.path
        try await Child.spawn(launch, streams) { child in
            sentry.watch(group: child.pid)
            experiment.state.withLock { $0.sentry = sentry }
            try await live(child, streams, channel)
        }
    }

    private func live(_ child: Child, _ streams: Child.Streams, _ channel: TraceChannel) async throws {
        let witness = try Witness(
            server: child.pid, port: port, mark: launch.mark, isAlone: !plan.isAsked, reporter)
        // Known before its first line is delivered, to which somebody may answer with a signal.
        experiment.state.withLock { ($0.child, $0.input, $0.witness) = (child, streams.input, witness) }
        reporter.tell(.run(.began), from: .supervisor, at: .zero)
        reporter.tell(.process(.spawned(pid: child.pid, command: launch.told)), from: .supervisor)
        let output = try OutputReader(
            out: streams.output.handOverReading(), err: streams.error.handOverReading(), channel: channel, reporter,
            .judged { [experiment] in experiment.hear($0) },
            spoke: experiment.spoke)
        let header = header(pid: child.pid)
        let merging = Task { [merger, events] in
            var merger = merger
            await merger.run(header: header, events)
        }
        let isAbandoned = experiment.state.withLock { state in
            state.hasBegun = true
            return state.isAbandoned
        }
        if isAbandoned { experiment.abandon() }
        if !plan.isTied { streams.input.closeWriting() }
        witness.start()
        let work = Task { await conduct() }
        let status = await watch(child, output)
        await witness.finish()
        let isLeft = await lookAfter(witness, output, work)
        streams.input.closeWriting()
        reporter.tell(.run(.ended), from: .supervisor)
        reporter.end()
        await merging.value
        try judgeStart(status, isLeft: isLeft, output.word.lastLines)
    }

    /// Tells what the kernel tells of the process, and returns how it ended.
    private func watch(_ child: Child, _ output: OutputReader) async -> ExitStatus? {
        for await (change, time) in child.changes(clock) {
            switch change {
            case .stopped: reporter.tell(.process(.stopped), from: .kernel, at: time)
            case .continued: reporter.tell(.process(.continued), from: .kernel, at: time)
            case .ended(let status):
                experiment.state.withLock { state in
                    state.child = nil
                    state.grace.timer?.cancel()
                }
                // The server's last words come before the news of its end, unless somebody else holds its pipe.
                await output.ended.wait(atMost: .milliseconds(100), clock)
                reporter.tell(.process(.exited(status)), from: .kernel, at: time)
                return status
            }
        }
        return nil
    }

    /// Starts the traffic when the server answers, and sends the scheduled signals; until it is cancelled.
    private func conduct() async {
        let start = clock.now
        await withDiscardingTaskGroup { group in
            group.addTask { await sendSignals(since: .spawn, start) }
            group.addTask {
                guard let serving = await waitUntilServing(since: start) else { return }
                await serve(since: serving)
            }
        }
    }

    /// Returns when the server answered for the first time; nil when it never did.
    private func waitUntilServing(since start: Time) async -> Time? {
        guard plan.isAsked else { return await waitUntilListening(since: start) }
        let timer = Task {
            try await clock.sleep(plan.servingTimeout)
            let ports = ListeningPorts.of(experiment.state.withLock { $0.witness }?.members ?? [])
            let sockets = try? SocketDiag(port: port).look(connections: true)
            experiment.state.withLock { state in
                (state.timedOut, state.portsElsewhere) = (true, ports)
                state.isSilent = sockets.map { $0.isListening && !$0.connections.isEmpty } ?? false
            }
            experiment.send(.kill, by: .cleanup)
        }
        defer { timer.cancel() }
        let prober = try? Prober(port: port, of: plan.workload.target?.url, on: traffic.loop)
        let path = plan.balancer?.path ?? "/"
        let patience = plan.workload.target == nil ? nil : plan.servingTimeout
        guard await prober?.waitUntilServing(path, clock, patience: patience) != nil else { return nil }
        timer.cancel()
        let serving = clock.now
        experiment.state.withLock { $0.isServing = true }
        reporter.tell(.process(.serving(port: port, took: serving - start)), from: .supervisor, at: serving)
        if let masks = experiment.masks { reporter.tell(.signal(.seen(masks)), from: .kernel) }
        return serving
    }

    /// Returns when some process of the server listens, or after a second: not every program has a port.
    private func waitUntilListening(since start: Time) async -> Time? {
        var found: Int?
        for _ in 0..<20 {
            let ports = experiment.state.withLock { $0.witness }?.ports ?? []
            found = ports.contains(port) ? port : ports.first
            if !ports.isEmpty { break }
            do { try await clock.sleep(.milliseconds(50)) } catch { return nil }
        }
        let serving = clock.now
        experiment.state.withLock { $0.isServing = true }
        reporter.tell(.process(.serving(port: found, took: serving - start)), from: .supervisor, at: serving)
        if let masks = experiment.masks { reporter.tell(.signal(.seen(masks)), from: .kernel) }
        return serving
    }

    private func serve(since serving: Time) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await balance() }
            group.addTask { [traffic] in await traffic.run() }
            group.addTask { [traffic, plan, experiment] in
                guard plan.workload.target != nil, let complaint = await traffic.complaintOnceChecked() else { return }
                experiment.fail(.badPlan(complaint))
            }
            group.addTask { await sendSignals(since: .serving, serving) }
        }
    }

    /// The balancer's part: the one of a single server turns clients away itself, one in front of two lets them all come.
    private func balance() async {
        if let deploy {
            await deploy.carry(to: port, under: experiment.state.withLock { $0.sentry }, traffic) {
                experiment.fail($0)
            }
        } else if plan.balancer != nil,
            let prober = try? Prober(port: port, of: plan.workload.target?.url, on: traffic.loop)
        {
            await traffic.balance(experiment.polling, prober)
        } else {
            await traffic.rotate(in: true)
        }
    }

    /// Looks from outside at what the process left, while its clients learn their fates, and returns whether that was a
    /// process.
    private func lookAfter(_ witness: Witness, _ output: OutputReader, _ work: Task<Void, Never>) async -> Bool {
        let after = Afterwards(plan: plan, port: port, reporter: reporter)
        if deploy == nil { await traffic.serverLeft() }
        if deploy == nil { work.cancel() }
        if plan.isAsked { after.probePort() }
        let isLeft = witness.tellLeftBehind()
        if let deploy { await carryOn(deploy, work) }
        let timer = Task {
            try await untilNobodyLearns(pause: isLeft ? Self.patienceWithOrphans : Self.tail)
            await traffic.giveUp()
            // One of them may be what a client still waits for.
            witness.killLeftBehind()
        }
        await work.value
        timer.cancel()
        witness.killLeftBehind()
        await output.ended.wait(atMost: Self.tail, clock)
        output.stopReading()
        await output.ended.wait()
        after.auditLedger(await traffic.payments.entries)
        after.auditLog(reported: Self.sum(output.word.logLines, deploy?.logLines))
        return isLeft
    }

    /// The clients go on behind the second instance, if there is one or will be; then that is ended too.
    private func carryOn(_ deploy: Deploy, _ work: Task<Void, Never>) async {
        if await hasReplacement(deploy) {
            await waitUnlessAbandoned(atMost: plan.aftermath) { false }
            await traffic.close()
            await waitUnlessAbandoned(atMost: Self.patience) { await traffic.pendingVisits == 0 }
        }
        await traffic.serverLeft()
        await waitUnlessAbandoned(atMost: Self.patience) { await traffic.inFlight == 0 }
        await deploy.end()
        work.cancel()
    }

    private func hasReplacement(_ deploy: Deploy) async -> Bool {
        let mayRestart = experiment.state.withLock { $0.isServing && !$0.isAbandoned && $0.failure == nil }
        guard mayRestart, plan.replacement == .afterExit || deploy.hasBegun else { return false }
        return await experiment.replace(deploy)
    }

    private func waitUnlessAbandoned(atMost limit: Time, _ isDone: () async -> Bool) async {
        let end = clock.now + limit
        while clock.now < end, !experiment.state.withLock({ $0.isAbandoned }), await !isDone() {
            try? await clock.sleep(.milliseconds(20))
        }
    }

    private static func sum(_ first: Int?, _ second: Int?) -> Int? {
        guard let first else { return second }
        return first + (second ?? 0)
    }

    /// Sleeps while clients still learn their fates: thousands of ends take longer than one.
    private func untilNobodyLearns(pause: Time) async throws {
        var waiting = Int.max
        for _ in 0..<5 {
            let now = await traffic.inFlight
            guard now < waiting else { return }
            waiting = now
            try await clock.sleep(pause)
        }
    }

    private func header(pid: Int) -> Header {
        var facts = RunFacts()
        facts.server = plan.server
        facts.seed = plan.seed
        facts.rate = plan.workload.rate
        // Where nobody asks it, the server may listen elsewhere, or nowhere.
        facts.port = plan.isAsked ? port : nil
        facts.budgets = plan.budgets
        facts.grace = plan.grace
        facts.isUnasked = !plan.isAsked
        facts.threshold = plan.balancer?.threshold
        facts.interval = plan.balancer?.interval
        return Header(
            started: clock.rfc3339, clock: clock.origin, title: plan.title, command: launch.told, pid: pid,
            fields: facts.fields)
    }

    private static func isServed(_ port: Int) -> Bool {
        (try? SocketDiag(port: port).look(connections: false).isListening) ?? false
    }

    private func judgeStart(_ status: ExitStatus?, isLeft: Bool, _ lines: [String]) throws(ExperimentError) {
        let state = experiment.state.withLock { ($0.isServing, $0.timedOut, $0.wasSignalled, $0.failure) }
        if let failure = state.3 { throw failure }
        if isLeft, !state.2, status == .exited(code: 0) { throw .wentToBackground(command: launch.told) }
        // It could not listen, and whoever does answered in its place.
        if state.0, !state.2, !isLeft, plan.isAsked, Self.isServed(port) { throw .portBusy(port) }
        if state.0 { return }
        if state.1 {
            let (ports, isSilent) = experiment.state.withLock { ($0.portsElsewhere, $0.isSilent) }
            if isSilent {
                throw .neverAnswered(
                    command: launch.told, port: port, seconds: plan.servingTimeout.seconds, lines: lines)
            }
            if !ports.isEmpty {
                throw .listensElsewhere(
                    command: launch.told, port: port, ports: ports, seconds: plan.servingTimeout.seconds)
            }
            throw .neverServed(command: launch.told, port: port, seconds: plan.servingTimeout.seconds, lines: lines)
        }
        if state.2 { return }
        throw .diedAtStart(command: launch.told, status: status?.words ?? "nobody knows how", lines: lines)
    }
}
