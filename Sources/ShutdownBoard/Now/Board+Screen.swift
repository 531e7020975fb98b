public import ShutdownTrace

/// Facts that only a screen asks for.
extension Board {
    /// Whether the process is gone without ever having answered anybody.
    public var neverServed: Bool {
        // A server that nobody asked cannot be blamed for answering nobody.
        if isUnasked, stopSignal != nil { return false }
        return process.isGone && traffic.total == 0 && rotation.enteredAt == nil && listener.openedAt == nil
    }

    /// Whether the run is one in which no client asks the server anything.
    public var isUnasked: Bool { header?.fields.bool("unasked") == true }

    /// Connections of a server that nobody here asks, which are all that is known of its work; else 0.
    public var openConnections: Int { isUnasked && !process.isGone ? family.sockets?.open ?? 0 : 0 }

    /// The limits that run at `now`, or that will once a signal comes: the inner one first, then the grace period.
    ///
    /// Where only the grace period runs, the drain is shown as it stands, so that no row comes or goes.
    public func limits(at now: Time) -> [Countdown] {
        let running = countdowns(at: now)
        guard running.count < 2, !process.isGone else { return running }
        if running.first.map({ $0.name != "grace" }) == true { return running }
        let drain = budgets.map { Countdown(standing: "drain", used: usedDrain(at: now), allowed: $0.drain) }
        let told = header?.drain.map { Countdown(standing: "drain", used: usedDrain(at: now), allowed: $0) }
        return [drain ?? told].compactMap { $0 }
            + (running.isEmpty
                ? [grace.map { Countdown(standing: "grace", allowed: $0, "then SIGKILL") }].compactMap { $0 } : running)
    }

    private func usedDrain(at now: Time) -> Time {
        guard let began = shutdown.drainBeganAt else { return .zero }
        return used(since: began, at: shutdown.drainEndedAt ?? now)
    }
}

extension Countdown {
    /// One that does not run.
    fileprivate init(standing name: String, used: Time = .zero, allowed: Time?, _ consequence: String = "") {
        self.init(name: name, used: used, allowed: allowed, consequence: consequence, isAtRisk: false)
    }
}
