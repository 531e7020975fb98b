internal import ShutdownTrace

/// The time in which a balancer had nobody to send clients to: one instance had left rotation, and the next was not in it.
///
/// Whoever comes then is turned away by the balancer, although no server closed its door early.
struct RotationGap: Hashable, Sendable {
    /// Nil where no other instance ever came into rotation.
    var length: Time?
    var turnedAway: Int

    /// "1.4 s with nobody in rotation".
    var words: String { (length.map(\.words) ?? "the rest of the run") + " with nobody in rotation" }
}

/// Who was turned away, and by whom, in a run whose clients come to a balancer in front of all instances.
extension Judge {
    /// Nil where there is no such balancer, or always somebody in rotation, or nobody came.
    var gap: RotationGap? {
        guard let deploy = board.deploy, !board.rotation.isIn, let left = board.rotation.leftAt else { return nil }
        if let next = deploy.successorInAt, next <= left { return nil }
        let turnedAway = board.traffic.turnedAway.byBalancer.values.reduce(0, +)
        guard turnedAway > 0 else { return nil }
        return RotationGap(length: deploy.successorInAt.map { $0 - left }, turnedAway: turnedAway)
    }

    /// Requests after the signal that met the closed door of a server in rotation, by what their clients saw.
    var metClosedDoor: [Fate: Int] {
        guard board.deploy != nil else { return board.traffic.fatesAfterSignal.filter(\.key.isUnsent) }
        return gap == nil ? board.traffic.turnedAway.all : board.traffic.turnedAway.atDoor
    }

    /// Requests that their clients had sent when the balancer found nobody to take them, and that no server lost.
    var sentToNobody: Int { board.deploy == nil ? 0 : board.traffic.turnedAway.all.unheard }

    func teaching(_ gap: RotationGap) -> Teaching {
        Teaching(
            meaning: "Between the stop of one instance and the start of the next there was \(gap.words): "
                + "\(counted(gap.turnedAway, "request")) found nobody.",
            remedy: gapRemedy)
    }

    /// How to do without a gap.
    var gapRemedy: String {
        "Start the successor first, and stop the old one once the balancer sends people to the new one: a rolling deploy "
            + "(Kubernetes: maxUnavailable 0), or a socket that outlives the restart (systemd socket activation)."
    }
}
