internal import ShutdownTrace

/// The part of the fold that is about what the kernel shows of any server, with or without its help.
extension Board {
    mutating func takeWitness(_ event: Event) {
        switch event.kind {
        case .listenerSeen:
            if let gone = listener.goneAt, let signal = stopSignal, gone >= signal.at { listener.isReopened = true }
            listener.goneAt = nil
            if isUnasked { process.port = event.fields.int(.port) ?? process.port }
        case .listenerGone: listener.goneAt = event.time
        case .memberSeen:
            let before = event.fields.int(.pid).flatMap { family.members[$0] }
            family.see(event)
            noteServing(event, before: before)
        case .memberGone:
            guard let pid = event.fields.int(.pid) else { return reject(event, "no pid") }
            if isUnderSignal, pid != process.pid, family.members[pid]?.listens == true {
                family.servingGone.insert(pid)
            }
            family.members[pid]?.endedAt = event.time
            family.members[pid]?.end = ExitStatus(event.fields)?.words ?? "is gone"
        case .socketsSeen:
            family.sockets = Family.Sockets(event)
            if listener.goneAt == nil { family.queued = family.sockets?.waiting ?? 0 }
        case .blockerSeen: family.block(event)
        case .blockerGone: family.unblock(event)
        default: break
        }
    }

    /// From the signal until the grace period is over, as long as the process is there.
    private var isUnderSignal: Bool { stopSignal != nil && shutdown.graceExpiredAt == nil && !process.isGone }

    /// A master that begins anew: one of its processes gives the listener up, and another has it.
    private mutating func noteServing(_ event: Event, before: Family.Member?) {
        guard stopSignal != nil, shutdown.graceExpiredAt == nil, let pid = event.fields.int(.pid), pid != process.pid,
            let listens = family.members[pid]?.listens
        else { return }
        if before == nil { family.born.insert(pid) }
        // Those that the last look found have no part in what went on before.
        guard isUnderSignal else { return }
        if listens, family.born.contains(pid) { family.servingBorn.insert(pid) }
        if !listens, before?.listens == true { family.servingGone.insert(pid) }
    }
}

extension Family {
    fileprivate mutating func see(_ event: Event) {
        guard let pid = event.fields.int(.pid), members[pid] != nil || members.count < Self.mostMembers else { return }
        members[pid] = Member(
            pid: pid, parent: event.fields.int(.parent), command: event.fields.string(.command) ?? "",
            masks: Signals.Masks(
                caught: event.numbers(.caught), ignored: event.numbers(.ignored), blocked: event.numbers(.blocked)),
            pending: event.numbers(.pending), threads: event.count(.threads),
            listens: event.fields.bool(.listens) ?? false)
    }

    fileprivate mutating func block(_ event: Event) {
        guard let name = event.fields.string(.name), blockers[name] != nil || blockers.count < Self.mostBlockers else {
            return
        }
        let sighting = Sighting(
            kind: event.fields.string(.kind) ?? "", cause: event.fields.string(.cause) ?? "",
            text: event.fields.string(.text) ?? "", pid: event.fields.int(.pid), port: event.fields.int(.port),
            count: event.count(.count), since: event.time)
        let isSame = blockers[name]?.cause == sighting.cause
        let since = blockers[name]?.since ?? event.time
        blockers[name] = sighting
        if isSame { blockers[name]?.since = since }
    }
}

extension Family {
    fileprivate mutating func unblock(_ event: Event) {
        let name = event.fields.string(.name) ?? ""
        guard let sighting = blockers.removeValue(forKey: name) else { return }
        guard ["connection", "process"].contains(sighting.kind) else { return }
        gone = gone.suffix(7) + [Gone(name: name, sighting: sighting, at: event.time)]
    }
}

extension Family.Sockets {
    fileprivate init(_ event: Event) {
        func number(_ key: Fields.Key) -> Int { event.count(key) ?? 0 }
        self.init(
            waiting: number(.waiting), backlog: event.count(.backlog), open: number(.open), quiet: number(.quiet),
            unread: number(.unread), unsent: number(.unsent))
    }
}
