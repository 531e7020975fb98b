internal import ShutdownTrace

/// Requests after the signal that no instance ever saw, where all instances are behind a balancer, by what their clients
/// saw.
///
/// The clients of a balancer reach it and not the server: they have often sent their request when the balancer finds nobody
/// who takes it. So an answer that never came need not be work that a server lost.
struct TurnedAway: Hashable, Sendable {
    /// The listener of the judged server was still open, or nobody was in rotation: the balancer had nobody.
    private(set) var byBalancer: [Fate: Int] = [:]
    /// The listener was closed, and the balancer still sent people to it.
    private(set) var atDoor: [Fate: Int] = [:]

    mutating func note(_ fate: Fate, isByBalancer: Bool) {
        if isByBalancer { byBalancer[fate, default: 0] += 1 } else { atDoor[fate, default: 0] += 1 }
    }

    var all: [Fate: Int] { byBalancer.merging(atDoor) { $0 + $1 } }
}

extension Board {
    /// Notes a request that came after the signal, if it was turned away.
    mutating func noteTurnedAway(_ lane: Lane, _ fate: Fate, at time: Time) {
        let isDoorOpen = listener.closedAt == nil && !process.isGone
        let isByBalancer = fate == .refused || isDoorOpen || isNobodyIn(for: lane, at: time)
        guard fate.isUnsent || lane.instance == nil && isAtOnce(lane, at: time) else { return }
        // On a connection that was open before, the server's close and the request crossed.
        let mayCross = lane.kind == .racer || lane.kind == .idle
        guard fate.isUnsent || !mayCross || isNobodyIn(for: lane, at: time) else { return }
        traffic.turnedAway.note(fate, isByBalancer: isByBalancer)
    }

    /// Whether an end without an answer came too soon for a wait in an accept queue, or after the listener was closed.
    private func isAtOnce(_ lane: Lane, at time: Time) -> Bool {
        time - lane.startedAt < Traffic.doorstep || listener.closedAt.map { $0 <= lane.startedAt } ?? false
    }

    private func isNobodyIn(for lane: Lane, at time: Time) -> Bool {
        // The balancer tells that an instance is in rotation a moment before it sends anybody there.
        if let successor = deploy?.successorInAt, time - successor > Traffic.doorstep { return false }
        return !rotation.isIn && rotation.leftAt.map { $0 <= lane.startedAt + Traffic.doorstep } ?? true
    }
}
