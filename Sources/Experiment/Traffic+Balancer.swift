import ShutdownTrace

extension Traffic {
    /// Asks until the server answers anything, and returns whether it passed; nil when cancelled.
    ///
    /// Nothing listens at first, so the probes follow each other closely.
    func waitUntilServing(_ path: String) async -> Bool? {
        var pause = Time.milliseconds(4)
        while true {
            let outcome = await probe(path, patience: .seconds(2))
            if let status = outcome.status { return (200..<300).contains(status) }
            pause = min(Time(microseconds: pause.microseconds * 5 / 4), .milliseconds(50))
            guard await self.pause(pause) else { return nil }
        }
    }

    /// Polls readiness on a new connection each time and moves the server in and out of rotation, until cancelled.
    func balance(_ plan: BalancerPlan) async {
        var rotation = Rotation(threshold: plan.threshold)
        var next = reporter.clock.now
        while !isOver, !Task.isCancelled {
            let start = reporter.clock.now
            let outcome = await probe(plan.path, patience: plan.interval + .seconds(1))
            guard !isOver else { break }
            let events = rotation.take(Self.words(outcome), took: reporter.clock.now - start)
            for (kind, fields) in events { reporter.tell(kind, from: .balancer, fields) }
            rotate(in: rotation.isIn)
            // A server that is not ready yet is asked sooner.
            next = max(reporter.clock.now, next + (rotation.isIn ? plan.interval : min(plan.interval, .seconds(0.05))))
            guard await pause(until: next) else { break }
        }
    }

    private func probe(_ path: String, patience: Time) async -> Outcome {
        let exchange: Exchange
        do { exchange = try await connect().exchange } catch { return Outcome(connecting: error) }
        let request = Request(
            path: path, headers: [.init(name: "Connection", value: "close")], patience: patience)
        track(exchange)
        defer { untrack(exchange) }
        let outcome = await withCheckedContinuation { continuation in
            exchange.send(request, Exchange.Listener { continuation.resume(returning: $0) })
        }
        exchange.close()
        return outcome
    }

    private static func words(_ outcome: Outcome) -> Rotation.Probe {
        guard let status = outcome.status else { return .failed(status: nil, cause: outcome.fate.words) }
        return (200..<300).contains(status) ? .passed(status: status) : .failed(status: status, cause: "")
    }
}
