internal import ShutdownTrace

/// A reload by succession: the server starts another one, hands its listener on, drains, and leaves.
///
/// Programs that exec themselves anew do so, Go's with tableflip or endless for example, and nobody is refused.
extension Judge {
    /// What usually asks a server to begin anew; TERM, INT and QUIT ask it to end, and then nobody may stay.
    private static let reloading: Set<Signal> = [.hangup, .user1, .user2, .windowChange]

    /// The process that serves on the same port in place of the one that left, if it came after the signal.
    ///
    /// One that only holds the listener and answers nobody is no successor.
    var successor: Int? {
        guard !board.isTraced, let signal = board.stopSignal, Self.reloading.contains(signal.signal),
            case .exited? = board.process.exit?.status, board.remains.port == .accepts
        else { return nil }
        let late = board.traffic.fatesAfterSignal
        guard late[.timedOut] ?? 0 < late.total(of: \.isWhole) else { return nil }
        let left = board.remains.processes.map(\.pid)
        // A process that was there before the signal is no successor.
        guard left.allSatisfy({ board.family.members[$0] == nil || board.family.born.contains($0) }) else { return nil }
        return left.first { board.family.born.contains($0) && board.family.members[$0]?.listens != false }
    }

    /// The word for a server that left its place to a successor.
    ///
    /// A client that waits for the successor when the run ends gives up, and no server is to blame.
    func wordOfSuccession(_ failed: Set<RuleName>) -> Verdict.Word {
        let late = board.traffic.fatesAfterSignal
        var lost = failed.intersection(Self.drops)
        if !late.contains(where: { $0.key.isLoss && $0.key != .timedOut }) { lost.remove(.lateAnswered) }
        guard lost.isEmpty else { return .dropped }
        guard late.allSatisfy({ $0.key.isWhole || $0.key.isLoss }), !wasTurnedAway else { return .refusedWork }
        return failed.contains(.exitStatus) ? .badExit : .reloaded
    }
}
