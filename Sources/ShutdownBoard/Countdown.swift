public import ShutdownTrace

/// A limit that is running: how much of it is used, and what happens when it is spent.
public struct Countdown: Hashable, Sendable {
    /// `drain`, `grace`, or the resource that is being released.
    public var name: String
    public var used: Time
    public var allowed: Time
    /// What follows when the limit is spent: "then SIGKILL".
    public var consequence: String
    /// Whether something that runs is not expected to end before the limit.
    public var isAtRisk: Bool

    public init(name: String, used: Time, allowed: Time, consequence: String, isAtRisk: Bool) {
        self.name = name
        self.used = used
        self.allowed = allowed
        self.consequence = consequence
        self.isAtRisk = isAtRisk
    }

    public var left: Time { max(.zero, allowed - used) }

    /// 0...1.
    public var fraction: Double {
        allowed > .zero ? min(1, max(0, used.seconds / allowed.seconds)) : 1
    }
}

extension Board {
    /// The limits that are running at `now`, the innermost first.
    ///
    /// After the exit they stand still.
    public func countdowns(at now: Time) -> [Countdown] {
        let now = process.exit?.at ?? now
        var countdowns: [Countdown] = []
        if let inner = innerCountdown(at: now) { countdowns.append(inner) }
        if let signal = stopSignal, let grace {
            let isAtRisk = !process.isGone && latestForecast.map { $0 > signal.at + grace } ?? false
            countdowns.append(
                Countdown(
                    name: "grace", used: now - signal.at, allowed: grace, consequence: "then SIGKILL",
                    isAtRisk: isAtRisk))
        }
        return countdowns
    }

    private func innerCountdown(at now: Time) -> Countdown? {
        guard let budgets, let began = shutdown.beganAt else { return nil }
        switch phase {
        case .lead:
            return Countdown(
                name: "lead", used: now - began, allowed: budgets.lead, consequence: "then the listener closes",
                isAtRisk: false)
        case .draining:
            let start = shutdown.drainBeganAt ?? began
            let isAtRisk = latestForecast.map { $0 > start + budgets.drain } ?? false
            return Countdown(
                name: "drain", used: now - start, allowed: budgets.drain, consequence: "then what is left is cut",
                isAtRisk: isAtRisk)
        case .releasing(let name):
            guard let allowed = limit(of: name, budgets), case .releasing(let since)? = resources[name]?.state else {
                return nil
            }
            return Countdown(
                name: name, used: now - since, allowed: allowed, consequence: "then it goes on without", isAtRisk: false
            )
        case .gone:
            guard let start = shutdown.drainBeganAt else { return nil }
            return Countdown(
                name: "drain", used: (shutdown.drainEndedAt ?? now) - start, allowed: budgets.drain, consequence: "",
                isAtRisk: false)
        case .starting, .serving, .signalled, .exiting: return nil
        }
    }

    private func limit(of resource: String, _ budgets: Budgets) -> Time? {
        switch resource {
        case "scheduler", "workers": budgets.workers
        case "ledger": budgets.ledger
        case "log": budgets.flush
        default: nil
        }
    }

    /// When the last request in flight is likely done, as far as anybody can tell.
    var latestForecast: Time? {
        requests.oldest(512).compactMap(requests.forecast).max()
    }

    /// The latest moment at which the server will be gone, counted from `now`: what its own limits leave, and never
    /// more than the grace period.
    ///
    /// Nil while no signal was sent, or when no limit is known.
    public func latestExit(at now: Time) -> Time? {
        guard let signal = stopSignal, !process.isGone else { return nil }
        let byGrace = grace.map { signal.at + $0 }
        guard let budgets, let began = shutdown.beganAt else { return byGrace.map { max(.zero, $0 - now) } }
        let drainStart = shutdown.drainBeganAt ?? began + budgets.lead
        let drainEnd = shutdown.drainEndedAt ?? drainStart + budgets.drain
        let byItself = drainEnd + budgets.workers + budgets.ledger + budgets.flush
        return max(.zero, min(byItself, byGrace ?? byItself) - now)
    }

    /// Whether this request is expected to miss the limit that runs now.
    public func isAtRisk(_ lane: Lane) -> Bool {
        guard lane.end == nil, let forecast = requests.forecast(lane), let signal = stopSignal else { return false }
        if let budgets, let start = shutdown.drainBeganAt, forecast > start + budgets.drain { return true }
        return grace.map { forecast > signal.at + $0 } ?? false
    }
}
