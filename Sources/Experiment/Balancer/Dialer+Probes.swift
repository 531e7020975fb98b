import Clients
import Platform
import ShutdownTrace

/// Asking one instance whether it is ready, as balancers do: each time with a request on a new connection.
extension Dialer {
    /// One probe; any 2xx passes.
    func probe(_ path: String, patience: Time) async -> RotationState.Probe {
        let outcome = await ask(path, patience: patience)
        guard let status = outcome.status else { return .failed(status: nil, cause: outcome.fate.words) }
        return (200..<300).contains(status) ? .passed(status: status) : .failed(status: status, cause: "")
    }

    /// Probes again and again while that is wanted, and reports what each probe changes.
    ///
    /// After each probe `rotate` is called with whether the instance is in rotation, so that what it does is done when
    /// the trace says so.
    func poll(
        _ polling: Polling, _ reporter: Reporter, instance: Int? = nil,
        while isWanted: @Sendable () async -> Bool = { true }, _ rotate: @Sendable (Bool) async -> Void
    ) async {
        var rotation = RotationState(threshold: polling.plan.threshold)
        while await isWanted(), !Task.isCancelled {
            let start = reporter.clock.now
            let plan = polling.plan
            let probe = await probe(plan.path, patience: plan.interval + .seconds(1))
            guard await isWanted(), !Task.isCancelled else { break }
            rotation.threshold = plan.threshold
            let events = rotation.take(probe, took: reporter.clock.now - start)
            // Nobody is sent there once the trace says that it left, nor before the trace says that it entered.
            if !rotation.isIn { await rotate(false) }
            for event in events { reporter.tell(.balancer(event), from: .balancer, instance: instance) }
            if rotation.isIn { await rotate(true) }
            guard await polling.wait(after: start, isIn: rotation.isIn, reporter.clock) else { break }
        }
    }

    /// Asks until the server answers anything.
    ///
    /// A second series of probes waits for each answer as long as `patience` says, for a server that is slow to answer.
    ///
    /// - Returns: Whether the probe passed; nil when cancelled.
    func waitUntilServing(_ path: String, _ clock: RunClock, patience: Time? = nil) async -> Bool? {
        await withTaskGroup(of: Bool?.self) { group in
            for patience in [Self.usual, patience].compactMap(\.self) {
                group.addTask { await askAgain(path, clock, patience: patience) }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static let usual = Time.seconds(2)

    /// The probes follow each other closely at first, when nothing listens yet.
    private func askAgain(_ path: String, _ clock: RunClock, patience: Time) async -> Bool? {
        var pause = Time.milliseconds(4)
        while true {
            if let status = await ask(path, patience: patience).status { return (200..<300).contains(status) }
            pause = min(Time(microseconds: pause.microseconds * 5 / 4), .milliseconds(50))
            guard (try? await clock.sleep(pause)) != nil else { return nil }
        }
    }
}
