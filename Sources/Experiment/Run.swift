import ShutdownTrace
import Synchronization

/// The course of one run, from the spawn to the last look.
struct Run: Sendable {
    private let experiment: Experiment
    private let port: Int
    private let traffic: Traffic
    private let merger: Merger
    private let events: AsyncStream<Event>
    private let mark: String

    private var plan: Plan { experiment.plan }
    private var clock: Clock { experiment.clock }
    private var reporter: Reporter { experiment.reporter }

    /// How long clients may still learn their fate, and readers read, after the exit.
    private static let tail = Time.seconds(1)

    init(_ experiment: Experiment, port: Int, _ traffic: Traffic, _ merger: Merger, _ events: AsyncStream<Event>) {
        (self.experiment, self.port, self.traffic) = (experiment, port, traffic)
        (self.merger, self.events) = (merger, events)
        mark = "DRAINBOARD_RUN=\(Int(experiment.clock.origin.microseconds))"
    }

    /// Runs all of it.
    ///
    /// - Throws: ``ExperimentError`` when the server could not be started, or ended before it answered once.
    func spawn(_ sentry: Guard) async throws {
        let streams = try Child.Streams()
        let command = plan.command.map { $0.replacing("{port}", with: String(port)) }
        var environment = plan.environment
        environment["PORT"] = String(port)
        let parts = mark.split(separator: "=")
        environment[String(parts[0])] = String(parts[1])
        try await Child.spawn(plan, command: command, environment: environment, streams) { child in
            sentry.watch(group: child.pid)
            try await live(child, Self.told(command), streams)
        }
    }

    /// A command line as a trace tells it: without the folder of the executable, which is nobody else's business.
    private static func told(_ command: [String]) -> String {
        let name = command.first?.split(separator: "/").last.map(String.init) ?? ""
        return ([name] + command.dropFirst()).joined(separator: " ")
    }

    private func live(_ child: Child, _ command: String, _ streams: Child.Streams) async throws {
        let output = try OutputReader(
            out: streams.output.handOverReading(), err: streams.error.handOverReading(), reporter)
        let header = header(pid: child.pid, command)
        let merging = Task { [merger, events] in
            var merger = merger
            await merger.run(header: header, events)
        }
        reporter.tell(.runBegan, from: .supervisor, at: .zero)
        reporter.tell(.processSpawned, from: .supervisor, [.pid: .number(child.pid), .command: .string(command)])
        let isAbandoned = experiment.state.withLock { state in
            (state.child, state.hasBegun) = (child, true)
            return state.isAbandoned
        }
        if isAbandoned { experiment.abandon() }
        let work = Task { await conduct() }
        let status = await watch(child, output)
        await lookAfter(child, output, work)
        streams.input.closeWriting()
        reporter.tell(.runEnded, from: .supervisor)
        reporter.end()
        await merging.value
        try judgeStart(command, status, output.word.lastLines)
    }

    /// Tells what the kernel tells of the process, and returns how it ended.
    private func watch(_ child: Child, _ output: OutputReader) async -> ExitStatus? {
        for await (change, time) in child.changes(clock) {
            switch change {
            case .stopped: reporter.tell(.processStopped, from: .kernel, at: time)
            case .continued: reporter.tell(.processContinued, from: .kernel, at: time)
            case .ended(let status):
                experiment.state.withLock { state in
                    state.child = nil
                    state.graceTimer?.cancel()
                }
                // The server's last words come before the news of its end, unless somebody else holds its pipe.
                await output.ended.wait(atMost: .milliseconds(100), clock)
                reporter.tell(.processExited, from: .kernel, at: time, Self.fields(status))
                return status
            }
        }
        return nil
    }

    /// Starts the traffic when the server answers, and sends the scheduled signals; until it is cancelled.
    private func conduct() async {
        let start = clock.now
        let timer = Task {
            try await clock.sleep(plan.servingTimeout)
            experiment.state.withLock { $0.timedOut = true }
            experiment.send(.kill, by: "cleanup")
        }
        defer { timer.cancel() }
        guard await traffic.waitUntilServing(plan.balancer?.path ?? "/") != nil else { return }
        timer.cancel()
        let serving = clock.now
        experiment.state.withLock { $0.isServing = true }
        reporter.tell(
            .processServing, from: .supervisor, at: serving, [.port: .number(port), .took: .time(serving - start)])
        if let masks = experiment.masks { reporter.tell(.signalsSeen, from: .kernel, masks.fields) }
        await withDiscardingTaskGroup { group in
            group.addTask { [traffic, plan] in
                if let balancer = plan.balancer {
                    await traffic.balance(balancer)
                } else {
                    await traffic.rotate(in: true)
                }
            }
            group.addTask { [traffic] in await traffic.run() }
            for signal in plan.signals { group.addTask { await send(signal, since: serving) } }
        }
    }

    private func send(_ scheduled: ScheduledSignal, since serving: Time) async {
        guard (try? await clock.sleep(until: serving + scheduled.after)) != nil else { return }
        await traffic.wait(untilInFlight: scheduled.whenInFlight, atMost: scheduled.patience)
        await traffic.approachSignal()
        if !Task.isCancelled { experiment.send(scheduled.signal, by: "check") }
    }

    /// Looks from outside at what the process left, while its clients learn their fates.
    private func lookAfter(_ child: Child, _ output: OutputReader, _ work: Task<Void, Never>) async {
        let after = Afterwards(plan: plan, port: port, child: child, mark: mark, reporter: reporter)
        await traffic.serverLeft()
        work.cancel()
        after.probePort()
        after.findLeftBehind()
        let timer = Task {
            try await untilNobodyLearns()
            await traffic.giveUp()
            // One of them may be what a client still waits for.
            after.killLeftBehind()
        }
        await work.value
        timer.cancel()
        after.killLeftBehind()
        await output.ended.wait(atMost: Self.tail, clock)
        output.stopReading()
        await output.ended.wait()
        after.auditLedger(await traffic.beliefs)
        after.auditLog(reported: output.word.logLines)
    }

    /// Sleeps while clients still learn their fates: thousands of ends take longer than one.
    private func untilNobodyLearns() async throws {
        var waiting = Int.max
        for _ in 0..<5 {
            let now = await traffic.inFlight
            guard now < waiting else { return }
            waiting = now
            try await clock.sleep(Self.tail)
        }
    }

    private func header(pid: Int, _ command: String) -> Header {
        var fields: Fields = [
            .port: .number(port), "seed": .number(plan.seed), "rate": .double(plan.workload.rate),
        ]
        for entry in plan.budgets?.fields.entries ?? [] { fields[entry.key] = entry.value }
        fields[.grace] = .time(plan.grace)
        if let balancer = plan.balancer {
            fields[.threshold] = .number(balancer.threshold)
            fields[.interval] = .time(balancer.interval)
        }
        return Header(
            started: clock.rfc3339, clock: clock.origin, title: plan.title, command: command, pid: pid, fields: fields)
    }

    private func judgeStart(_ command: String, _ status: ExitStatus?, _ lines: [String]) throws(ExperimentError) {
        let state = experiment.state.withLock { ($0.isServing, $0.timedOut, $0.wasSignalled) }
        if state.0 { return }
        if state.1 {
            throw .neverServed(command: command, port: port, seconds: plan.servingTimeout.seconds, lines: lines)
        }
        if state.2 { return }
        throw .diedAtStart(command: command, status: status?.words ?? "nobody knows how", lines: lines)
    }

    private static func fields(_ status: ExitStatus) -> Fields {
        switch status {
        case .exited(let code): [.how: "exited", .code: .number(code)]
        case .signaled(let signal, let core):
            [.how: "signaled", .signal: .number(signal.rawValue), .core: .bool(core)]
        }
    }
}
