import Clients
import Monitoring
import Platform
import ShutdownTrace
import Synchronization

/// The end of a run: what the server left, and what became of its clients.
extension Run {
    /// How long clients may still learn their fate, and readers read, after the exit.
    private static let tail = Time.seconds(1)
    /// How long clients may wait between two answers when a process was left behind that may still answer.
    private static let patienceWithOrphans = Time.seconds(3)
    /// How long payments may go on to be tried, and requests to be answered, behind a replacement.
    private static let patience = Time.seconds(8)

    /// Looks from outside at what the process left while its clients learn their fates; returns whether that was a
    /// process.
    func lookAfter(_ monitor: ProcessMonitor, _ output: OutputReader, _ work: Task<Void, Never>) async -> Bool {
        let audit = PostExitAudit(plan: plan, port: port, reporter: reporter, reaper: reaper)
        await waitWhileLeaving(monitor)
        if deploy == nil {
            await traffic.serverLeft()
            work.cancel()
        }
        if plan.isAsked, await ownsPort(monitor) { audit.probePort() }
        let isLeft = monitor.tellLeftBehind()
        if let deploy { await carryOn(deploy, work) }
        let timer = Task {
            try await waitWhileFatesArrive(pause: isLeft ? Self.patienceWithOrphans : Self.tail)
            await traffic.giveUp()
            // A client may still wait for one of these processes.
            monitor.killLeftBehind()
        }
        await work.value
        timer.cancel()
        monitor.killLeftBehind()
        await output.ended.wait(atMost: Self.tail, clock)
        output.stopReading()
        await output.ended.wait()
        audit.auditLedger(await traffic.payments.entries)
        audit.auditLog(reported: output.tail.logLines ?? 0)
        return isLeft
    }

    /// Waits for processes that outlived the one that was started, drain, and leave by themselves: a word about them is
    /// said when the grace period is over.
    private func waitWhileLeaving(_ monitor: ProcessMonitor) async {
        let state = experiment.state.withLock { $0 }
        guard deploy == nil, let asked = state.asked, let end = state.graceEnd, monitor.isLeaving(after: asked) else {
            return
        }
        await traffic.close()
        await waitUnlessAbandoned(atMost: end - clock.now) { !monitor.isLeaving(after: asked) }
    }

    /// The clients go on behind the second instance, if there is one or will be; then that is ended too.
    private func carryOn(_ deploy: DeployRun, _ work: Task<Void, Never>) async {
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

    private func hasReplacement(_ deploy: DeployRun) async -> Bool {
        let mayRestart = experiment.state.withLock { $0.start == .serving && !$0.isAbandoned }
        guard mayRestart, plan.replacement == .afterExit || deploy.hasBegun else { return false }
        return await experiment.replace(deploy)
    }

    private func waitUnlessAbandoned(atMost limit: Time, _ isDone: () async -> Bool) async {
        let end = clock.now + limit
        while clock.now < end, !experiment.state.withLock({ $0.isAbandoned }), await !isDone() {
            try? await clock.sleep(.milliseconds(20))
        }
    }

    /// Sleeps while clients still learn their fates: thousands of ends take longer than one.
    private func waitWhileFatesArrive(pause: Time) async throws {
        var waiting = Int.max
        for _ in 0..<5 {
            let now = await traffic.inFlight
            guard now < waiting else { return }
            waiting = now
            try await clock.sleep(pause)
        }
    }
}
