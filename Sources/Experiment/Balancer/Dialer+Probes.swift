import Clients
import Platform
import ShutdownTrace

/// Asking one instance whether it is ready, as balancers do: each time with a request on a new connection.
extension Dialer {
    /// One probe; any 2xx passes.
    func probe(_ path: String, patience: Time) async -> RotationState.Probe {
        let outcome = await ask(.path(path), patience: patience)
        guard let status = outcome.status else { return .failed(status: nil, cause: outcome.fate.words) }
        return (200..<300).contains(status) ? .passed(status: status) : .failed(status: status, cause: "")
    }

    /// Probes again and again while that is wanted, and reports what each probe changes.
    ///
    /// `failed` gets the probes that failed before one passed.
    /// After each probe `rotate` is called with whether the instance is in rotation, so that what it does is done when
    /// the trace says so.
    func poll(
        _ polling: Polling, _ reporter: Reporter, instance: Int? = nil,
        while isWanted: @Sendable () async -> Bool = { true },
        failed: @Sendable (EarlyProbes, BalancerPlan) -> Void = { _, _ in }, _ rotate: @Sendable (Bool) async -> Void
    ) async {
        var rotation = RotationState(threshold: polling.plan.threshold)
        var early = EarlyProbes()
        while await isWanted(), !Task.isCancelled {
            let start = reporter.clock.now
            let plan = polling.plan
            let probe = await probe(plan.path, patience: plan.interval + .seconds(1))
            guard await isWanted(), !Task.isCancelled else { break }
            rotation.threshold = plan.threshold
            var events = rotation.take(probe, took: reporter.clock.now - start)
            if let event = early.take(probe, at: reporter.clock.now, threshold: plan.threshold) { events.append(event) }
            failed(early, plan)
            // Nobody is sent there once the trace says that it left, nor before the trace says that it entered.
            if !rotation.isIn { await rotate(false) }
            for event in events { reporter.tell(.balancer(event), from: .balancer, instance: instance) }
            if rotation.isIn { await rotate(true) }
            guard await polling.wait(after: start, isIn: rotation.isIn, reporter.clock) else { break }
        }
    }

    /// Asks until the server answers.
    ///
    /// 502, 503 and 504 for the target are no such answers: what stands in front of a server that starts says so.
    /// A second series of questions waits for each answer as long as `patience` says, for a server that is slow to answer.
    ///
    /// - Parameters:
    ///   - question: Asked again and again, each time on a new connection.
    ///   - clock: The clock of the run.
    ///   - patience: Of the second series; nil for no second one.
    ///   - note: Gets each answer that says "not yet".
    ///   - mayAsk: Whether the next question may be sent; if not, no further one is.
    /// - Returns: The answer; nil when cancelled.
    func waitUntilServing(
        _ question: Question, _ clock: RunClock, patience: Time? = nil,
        note: @escaping @Sendable (Int) -> Void = { _ in }, mayAsk: @escaping @Sendable () async -> Bool = { true }
    ) async -> Outcome? {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await askAgain(question, clock, patience: Self.usual, note, mayAsk) }
            if let patience {
                group.addTask {
                    // A server that answers soon is asked by one client alone, whose question nobody breaks off.
                    guard (try? await clock.sleep(Self.lead)) != nil else { return nil }
                    return await askAgain(question, clock, patience: patience, note, mayAsk)
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static let usual = Time.seconds(2), lead = Time.seconds(1)

    /// The questions follow each other closely at first, when nothing listens yet.
    private func askAgain(
        _ question: Question, _ clock: RunClock, patience: Time, _ note: @Sendable (Int) -> Void,
        _ mayAsk: @Sendable () async -> Bool
    ) async -> Outcome? {
        var pause = Time.milliseconds(4)
        while await mayAsk() {
            let answer = await ask(question, patience: patience)
            if let status = answer.status {
                guard question.isTooEarly(status) else { return answer }
                note(status)
            }
            pause = min(Time(microseconds: pause.microseconds * 5 / 4), .milliseconds(50))
            guard (try? await clock.sleep(pause)) != nil else { return nil }
        }
        return nil
    }
}
