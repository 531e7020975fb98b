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

    /// Whether a request that ended like this was turned away at once, and by nobody that told of it.
    static func includes(_ lane: Lane, _ fate: Fate, at time: Time) -> Bool {
        if fate.isUnsent { return true }
        // On a connection that was open before, the server's close and the request crossed.
        guard fate.isUnheard, lane.instance == nil, lane.kind != .racer, lane.kind != .idle else { return false }
        return time - lane.startedAt < Traffic.doorstep
    }

    mutating func note(_ fate: Fate, isByBalancer: Bool) {
        if isByBalancer { byBalancer[fate, default: 0] += 1 } else { atDoor[fate, default: 0] += 1 }
    }

    var all: [Fate: Int] { byBalancer.merging(atDoor) { $0 + $1 } }
}

extension Board {
    /// Notes a request that came after the signal and was turned away.
    mutating func noteTurnedAway(_ lane: Lane, _ fate: Fate, at time: Time) {
        guard TurnedAway.includes(lane, fate, at: time) else { return }
        let isDoorOpen = listener.closedAt == nil && !process.isGone
        // The balancer tells that an instance is in rotation a moment before it sends anybody there.
        let isSuccessorIn = deploy?.successorInAt.map { time - $0 > Traffic.doorstep } ?? false
        let isNobodyIn = !rotation.isIn && !isSuccessorIn
        traffic.turnedAway.note(fate, isByBalancer: fate == .refused || isDoorOpen || isNobodyIn)
    }
}
