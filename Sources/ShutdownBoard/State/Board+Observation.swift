internal import ShutdownTrace

/// The part of the fold that is about what the kernel shows of any server, with or without its help.
extension Board {
    mutating func fold(_ event: ObservationEvent, at time: Time) {
        switch event {
        case .listenerSeen(let port):
            if let gone = listener.goneAt, let signal = stopSignal, gone >= signal.at { listener.isReopened = true }
            listener.goneAt = nil
            if isUnasked { process.port = port ?? process.port }
        case .listenerGone: listener.goneAt = time
        case .memberSeen(let seen):
            let before = family.members[seen.pid]
            guard family.see(seen) else { return }
            noteServing(seen, before: before)
        case .memberGone(let pid, let status):
            if isUnderSignal, pid != process.pid, let member = family.members[pid], member.listens != false {
                family.servingGone.insert(pid)
            }
            family.members[pid]?.end = .init(status: status, at: time)
        case .socketsSeen(let counts):
            family.sockets = counts
            if listener.goneAt == nil { family.queued = counts.waiting }
        case .blockerSeen(let blocker): family.block(blocker, at: time)
        case .blockerGone(let name): family.unblock(name, at: time)
        case .processorAwaited(let wait): family.processorWaits.note(wait, at: time)
        }
    }

    /// From the signal until the grace period is over, as long as the process is there.
    private var isUnderSignal: Bool { stopSignal != nil && shutdown.graceExpiredAt == nil && !process.isGone }

    /// Notes a server that begins anew: one of its processes gives the listener up, and another has it.
    private mutating func noteServing(_ seen: ObservationEvent.SeenMember, before: Family.Member?) {
        let pid = seen.pid
        guard stopSignal != nil, shutdown.graceExpiredAt == nil, pid != process.pid else { return }
        if before == nil { family.born.insert(pid) }
        // Processes that only the look after the exit found have no part in what went on before.
        guard isUnderSignal else { return }
        // A process whose descriptors are hidden may hold the listener, as workers of another user do.
        if seen.listens != false, family.born.contains(pid) { family.servingBorn.insert(pid) }
        if seen.listens == false, before?.listens == true { family.servingGone.insert(pid) }
    }
}
