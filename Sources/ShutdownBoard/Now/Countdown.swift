public import ShutdownTrace

/// A wait that is running, under a limit or under none: how much of it is used, and what happens when it is spent.
public struct Countdown: Hashable, Sendable {
    /// `drain`, `grace`, or the resource that is being released.
    public var name: String
    public var used: Time
    /// Nil where the server sets no limit.
    public var allowed: Time?
    /// What follows when the limit is spent: "then SIGKILL".
    public var consequence: String
    /// Whether something that runs is not expected to end before the limit.
    public var isAtRisk: Bool
    /// Whether it stands still because a person holds the server.
    public var isHeld = false

    public init(name: String, used: Time, allowed: Time?, consequence: String, isAtRisk: Bool) {
        self.name = name
        self.used = used
        self.allowed = allowed
        self.consequence = consequence
        self.isAtRisk = isAtRisk
    }

    /// Nil where there is no limit.
    public var left: Time? { allowed.map { max(.zero, $0 - used) } }

    /// 0...1; 0 where there is no limit.
    public var fraction: Double {
        guard let allowed else { return 0 }
        return allowed > .zero ? min(1, max(0, used.seconds / allowed.seconds)) : 1
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
            let isAtRisk = !process.isGone && latestForecast.map { $0 > deadline(signal.at, grace, at: now) } ?? false
            countdowns.append(
                Countdown(
                    name: "grace", used: used(since: signal.at, at: now), allowed: grace, consequence: "then SIGKILL",
                    isAtRisk: isAtRisk))
        }
        guard gate.isHeld else { return countdowns }
        return countdowns.map {
            var countdown = $0
            countdown.isHeld = true
            return countdown
        }
    }

    /// When a limit is spent: the time for which the server was held is added to it.
    func deadline(_ start: Time, _ allowed: Time, at now: Time) -> Time {
        start + allowed + gate.held(from: start, to: now)
    }

    private func innerCountdown(at now: Time) -> Countdown? {
        guard let budgets, let began = shutdown.beganAt else { return nil }
        switch phase {
        case .lead:
            return Countdown(
                name: "lead", used: used(since: began, at: now), allowed: budgets.lead,
                consequence: "then the listener closes",
                isAtRisk: false)
        case .draining where shutdown.drainEndedAt != nil: return afterDrain(budgets, at: now)
        case .draining:
            let start = shutdown.drainBeganAt ?? began
            let limit = budgets.drain.map { deadline(start, $0, at: now) }
            let isAtRisk = limit.map { limit in latestForecast.map { $0 > limit } ?? false } ?? false
            return Countdown(
                name: "drain", used: used(since: start, at: now), allowed: budgets.drain,
                consequence: budgets.drain == nil ? "" : "then what is left is cut", isAtRisk: isAtRisk)
        case .releasing(let name):
            guard let allowed = limit(of: name, budgets), case .releasing(let since)? = resources[name]?.state else {
                return nil
            }
            return Countdown(
                name: name, used: used(since: since, at: now), allowed: allowed, consequence: "then it goes on without",
                isAtRisk: false
            )
        case .gone: return standingDrain(budgets, at: now)
        case .starting, .serving, .signalled, .exiting: return nil
        }
    }

    /// The requests are done, and what was not told to leave is waited for.
    private func afterDrain(_ budgets: Budgets, at now: Time) -> Countdown? {
        guard budgets.drain == nil, case .releasing(let since)? = resources["websockets"]?.state else {
            return standingDrain(budgets, at: now)
        }
        return Countdown(
            name: "sockets", used: used(since: since, at: now), allowed: nil, consequence: "", isAtRisk: false)
    }

    private func standingDrain(_ budgets: Budgets, at now: Time) -> Countdown? {
        guard let start = shutdown.drainBeganAt else { return nil }
        return Countdown(
            name: "drain", used: used(since: start, at: shutdown.drainEndedAt ?? now), allowed: budgets.drain,
            consequence: "", isAtRisk: false)
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
        requests.oldest(512).filter(isWaitedFor).compactMap(requests.forecast).max()
    }

    /// The latest moment at which the server will be gone, counted from `now`: what its own limits leave, and never
    /// more than the grace period.
    ///
    /// Nil while no signal was sent, or when no limit is known.
    public func latestExit(at now: Time) -> Time? {
        guard let signal = stopSignal, !process.isGone else { return nil }
        let byGrace = grace.map { deadline(signal.at, $0, at: now) }
        guard let budgets, let drain = budgets.drain, let began = shutdown.beganAt else {
            return byGrace.map { max(.zero, $0 - now) }
        }
        let drainStart = shutdown.drainBeganAt ?? deadline(began, budgets.lead, at: now)
        let drainEnd = shutdown.drainEndedAt ?? deadline(drainStart, drain, at: now)
        let byItself = drainEnd + budgets.workers + budgets.ledger + budgets.flush
        return max(.zero, min(byItself, byGrace ?? byItself) - now)
    }

    /// Whether this request is expected to miss the limit that runs at `now`.
    public func isAtRisk(_ lane: Lane, at now: Time) -> Bool {
        guard lane.end == nil, let forecast = requests.forecast(lane), let signal = stopSignal else { return false }
        if let drain = budgets?.drain, let start = shutdown.drainBeganAt, forecast > deadline(start, drain, at: now) {
            return true
        }
        return grace.map { forecast > deadline(signal.at, $0, at: now) } ?? false
    }
}
