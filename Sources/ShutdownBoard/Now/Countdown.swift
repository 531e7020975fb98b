package import ShutdownTrace

/// A wait that is running, under a limit or under none: how much of it is used, and what happens when it is spent.
package struct Countdown: Hashable, Sendable {
    /// What is limited.
    package enum Limit: Hashable, Sendable {
        case lead, drain, grace
        /// WebSockets that nobody has told to close.
        case sockets
        case release(ResourceName)
    }

    package var limit: Limit
    package var used: Time
    /// Nil where the server sets no limit.
    package var allowed: Time?
    /// What follows when the limit is spent: "then SIGKILL".
    package var consequence = ""
    /// Whether something that runs is not expected to end before the limit.
    package var isAtRisk = false
    /// Whether it stands still because a person holds the server.
    package var isHeld = false

    /// `drain`, `grace`, or the resource that is being released.
    package var name: String {
        switch limit {
        case .lead: "lead"
        case .drain: "drain"
        case .grace: "grace"
        case .sockets: "sockets"
        case .release(let name): name.rawValue
        }
    }

    /// Nil where there is no limit.
    package var left: Time? { allowed.map { max(.zero, $0 - used) } }

    /// 0...1; 0 where there is no limit.
    package var fraction: Double {
        guard let allowed else { return 0 }
        return allowed > .zero ? min(1, max(0, used.seconds / allowed.seconds)) : 1
    }
}

extension Explainer {
    /// The limits that are running, the innermost first.
    ///
    /// After the exit they stand still.
    package var countdowns: [Countdown] {
        if let exit = board.process.exit?.at, exit != now { return Explainer(board, at: exit).countdowns }
        return [innerCountdown, graceCountdown].compactMap { $0 }.map { running in
            var countdown = running
            countdown.isHeld = board.gate.isHeld
            return countdown
        }
    }

    /// The limits that run, or that will once a signal comes: the inner one first, then the grace period.
    ///
    /// Where only the grace period runs, the drain is shown as it stands, so that no row comes or goes.
    package var limits: [Countdown] {
        let running = countdowns
        guard running.count < 2, !board.process.isGone else { return running }
        if let first = running.first, first.limit != .grace { return running }
        let used = board.shutdown.drainBeganAt.map { self.used(since: $0, until: board.shutdown.drainEndedAt) } ?? .zero
        let drain = board.budgets.map { Countdown(limit: .drain, used: used, allowed: $0.drain) }
        let told = board.header?.drain.map { Countdown(limit: .drain, used: used, allowed: $0) }
        let grace = board.grace.map { Countdown(limit: .grace, used: .zero, allowed: $0, consequence: "then SIGKILL") }
        return [drain ?? told].compactMap { $0 } + (running.isEmpty ? [grace].compactMap { $0 } : running)
    }

    /// The used part of a limit that began at `start` and was over at `end`; without an end it still runs.
    private func used(since start: Time, until end: Time? = nil) -> Time { board.used(since: start, at: end ?? now) }

    private var graceCountdown: Countdown? {
        guard let signal = board.stopSignal, let grace = board.grace else { return nil }
        return Countdown(
            limit: .grace, used: used(since: signal.at), allowed: grace,
            consequence: board.process.isGone ? "" : "then SIGKILL",
            isAtRisk: !board.process.isGone && isForecast(after: deadline(signal.at, grace)))
    }

    /// Whether the last request in flight is likely done only after this moment.
    private func isForecast(after limit: Time) -> Bool { latestForecast.map { $0 > limit } ?? false }

    /// When a limit is spent: the time for which the server was held is added to it.
    func deadline(_ start: Time, _ allowed: Time) -> Time {
        start + allowed + board.gate.held(from: start, to: now)
    }

    private var innerCountdown: Countdown? {
        guard let budgets = board.budgets, let began = board.shutdown.beganAt else { return nil }
        switch board.phase {
        case .lead:
            return Countdown(
                limit: .lead, used: used(since: began), allowed: budgets.lead, consequence: "then the listener closes")
        case .draining where board.shutdown.drainEndedAt != nil: return afterDrain(budgets)
        case .draining:
            // The listener closes a moment before the server says that its drain begins.
            let start = board.shutdown.drainBeganAt ?? board.listener.closedAt ?? now
            return Countdown(
                limit: .drain, used: used(since: start), allowed: budgets.drain,
                consequence: budgets.drain == nil ? "" : "then what is left is cut",
                isAtRisk: budgets.drain.map { isForecast(after: deadline(start, $0)) } ?? false)
        case .releasing(let name):
            guard let allowed = budgets.limit(of: name), let since = board.resources[name]?.state.releasingSince
            else { return nil }
            return Countdown(
                limit: .release(name), used: used(since: since), allowed: allowed,
                consequence: "then it goes on without")
        case .gone: return standingDrain(budgets)
        case .starting, .serving, .signalled, .exiting: return nil
        }
    }

    /// The requests are done, and connections are waited for that nobody has told to end.
    private func afterDrain(_ budgets: Budgets) -> Countdown? {
        guard budgets.drain == nil, let since = board.resources[.websockets]?.state.releasingSince else {
            return standingDrain(budgets)
        }
        return Countdown(limit: .sockets, used: used(since: since), allowed: nil)
    }

    private func standingDrain(_ budgets: Budgets) -> Countdown? {
        board.shutdown.drainBeganAt.map {
            Countdown(limit: .drain, used: used(since: $0, until: board.shutdown.drainEndedAt), allowed: budgets.drain)
        }
    }

    /// When the last request in flight is likely done, as far as anybody can tell.
    var latestForecast: Time? {
        board.requests.oldest(512).filter(board.isWaitedFor).compactMap(board.requests.forecast).max()
    }

    /// The longest time until the server is gone: what its own limits leave, and never more than the grace period.
    ///
    /// Nil while no signal was sent, or when no limit is known.
    package var latestExit: Time? {
        guard let signal = board.stopSignal, !board.process.isGone else { return nil }
        let byGrace = board.grace.map { deadline(signal.at, $0) }
        guard let budgets = board.budgets, let drain = budgets.drain, let began = board.shutdown.beganAt else {
            return byGrace.map { max(.zero, $0 - now) }
        }
        let drainStart = board.shutdown.drainBeganAt ?? deadline(began, budgets.lead)
        let drainEnd = board.shutdown.drainEndedAt ?? deadline(drainStart, drain)
        let byItself = drainEnd + budgets.workers + budgets.ledger + budgets.flush
        return max(.zero, min(byItself, byGrace ?? byItself) - now)
    }

    /// Whether this request is expected to miss the limit that runs.
    package func isAtRisk(_ lane: Lane) -> Bool {
        guard lane.end == nil, let forecast = board.requests.forecast(lane), let signal = board.stopSignal else {
            return false
        }
        if let drain = board.budgets?.drain, let start = board.shutdown.drainBeganAt, forecast > deadline(start, drain)
        {
            return true
        }
        return board.grace.map { forecast > deadline(signal.at, $0) } ?? false
    }
}

extension Budgets {
    /// The limit for the release of one of the demo server's resources.
    fileprivate func limit(of resource: ResourceName) -> Time? {
        switch resource {
        case .scheduler, .workers: workers
        case .ledger: ledger
        case .log: flush
        default: nil
        }
    }
}
