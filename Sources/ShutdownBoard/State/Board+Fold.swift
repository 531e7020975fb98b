internal import ShutdownTrace

/// The fold itself: what each event changes.
extension Board {
    /// - Throws: ``Rejection``, when the event cannot have happened; nothing has changed then.
    mutating func fold(_ payload: Payload, _ event: Event) throws(Rejection) {
        if event.source == .importer, event.isInferred { shutdown.guesses.insert(event.kind) }
        noteDeploy(payload, event)
        guard !payload.isAboutReplacement(event) else { return }
        let time = event.time
        switch payload {
        case .run(let told): try fold(told)
        case .process(let told): try fold(told, at: time)
        case .signal(let told): try fold(told, at: time)
        case .shutdown(let told): try fold(told, at: time)
        case .balancer(let told): fold(told, at: time)
        case .resource(let told): try fold(told, at: time)
        case .connection(let told): try fold(told, event)
        case .request(let told): try fold(told, event)
        case .webSocket(let told): try fold(told, event)
        case .job(let told): try fold(told, at: time)
        case .ledger(let told): try fold(told, at: time)
        case .payment(let told): try fold(told, at: time)
        case .log(let told): fold(told, at: time)
        case .deploy(let told): try fold(told, event)
        case .gate(let told): try fold(told, at: time)
        case .remains(let told): fold(told)
        case .observation(let told): fold(told, at: time)
        case .trace, .unknown: break
        }
    }

    private mutating func fold(_ event: RunEvent) throws(Rejection) {
        switch event {
        case .began: try requireProcess()
        case .ended: process.isRunOver = true
        }
    }

    private func requireProcess() throws(Rejection) {
        guard !process.isGone else { throw Rejection.processIsGone }
    }

    private mutating func fold(_ event: ProcessEvent, at time: Time) throws(Rejection) {
        switch event {
        case .spawned(let pid, _):
            try requireProcess()
            guard case .absent = process.state else { throw Rejection.happenedBefore }
            process.pid = pid ?? process.pid
            process.state = .starting(since: time)
        case .serving(let port, _, let product):
            try requireProcess()
            process.product = product
            process.port = port ?? process.port
            process.state = .serving(since: time)
            process.servedAt = process.servedAt ?? time
        case .stopped(let signal):
            try requireProcess()
            process.frozenBy = signal
            process.frozenSince = process.frozenSince ?? time
        case .continued:
            try requireProcess()
            process.frozenSince = nil
        case .exited(let status):
            try requireProcess()
            process.exit(status, at: time)
            gate.release(at: time)
        case .leftBehind(let pid, let command, _):
            remains.processes.append(.init(pid: pid ?? 0, command: command ?? ""))
        case .printed(_, let text): process.print(text)
        }
    }

    private mutating func fold(_ event: SignalEvent, at time: Time) throws(Rejection) {
        switch event {
        case .armed: shutdown.signalsArmedAt = time
        case .seen(let masks): signals.masks = masks
        case .sent(let sent):
            try requireProcess()
            let received = signals.overtaken.removeValue(forKey: sent.signal).flatMap { $0 >= time ? $0 : nil }
            note(SentSignal(sent.signal, at: time, by: sent.by ?? .person, inFlight: inFlight, receivedAt: received))
        case .received(let signal, _, _):
            if let index = signals.sent.firstIndex(where: { $0.signal == signal && $0.receivedAt == nil }) {
                signals.sent[index].receivedAt = time
            } else if anomalies.hasHeard(.supervisor) {
                // Two pipes: the news that it came may overtake the news that it was sent.
                signals.overtaken[signal] = time
            } else {
                // A log may tell of a signal that nobody here sent.
                note(SentSignal(signal, at: time, by: .outside, inFlight: inFlight, receivedAt: time))
            }
        case .restored: break
        }
    }

    private var inFlight: Int { requests.inFlight.count }

    private mutating func note(_ sent: SentSignal) {
        let isFirst = stopSignal == nil && sent.asksToStop
        signals.sent.append(sent)
        guard isFirst else { return }
        requests.markSignal()
        process.printed.settle()
        family.markSignal()
        websockets.atSignal = websockets.open.count
    }

    private mutating func fold(_ event: ShutdownEvent, at time: Time) throws(Rejection) {
        switch event {
        case .began(let cause, let ordinal, let budgets):
            // A server that cleans up twice says so: that is a fault of its own, and none of its trace.
            guard shutdown.beganAt == nil || ordinal > 1 else { throw Rejection.happenedBefore }
            shutdown.begin(at: time, cause)
            shutdown.budgets = budgets ?? shutdown.budgets
        case .leadEnded: shutdown.leadEndedAt = time
        case .drainBegan: shutdown.drainBeganAt = shutdown.drainBeganAt ?? time
        case .drainDeadlinePassed(let left, _):
            shutdown.deadlinePassedAt = time
            shutdown.leftAtDeadline = max(shutdown.leftAtDeadline ?? 0, left ?? 0)
        case .drainEnded:
            guard shutdown.drainBeganAt != nil else { throw Rejection.lacks(.drainBegan) }
            shutdown.drainEndedAt = time
        case .forced(let cause): shutdown.forced = shutdown.forced ?? .init(at: time, cause: cause)
        case .ended: shutdown.endedAt = time
        case .graceChanged(let grace): shutdown.grace = grace ?? shutdown.grace
        case .graceExpired: shutdown.graceExpiredAt = time
        }
    }

    private mutating func fold(_ event: BalancerEvent, at time: Time) {
        switch event {
        case .readinessRaised: rotation.readinessRaisedAt = time
        case .readinessLowered: rotation.readinessLoweredAt = rotation.readinessLoweredAt ?? time
        case .probePassed: rotation.failures = 0
        case .probeFailed(let probe):
            rotation.failures = probe.failures ?? rotation.failures + 1
            rotation.threshold = probe.threshold ?? rotation.threshold
        case .rotationEntered:
            rotation.enteredAt = time
            rotation.failures = 0
        case .rotationLeft: rotation.leftAt = time
        case .diverted(let count): rotation.diverted += count
        case .changed: break
        }
    }

    private mutating func fold(_ event: ResourceEvent, at time: Time) throws(Rejection) {
        let name = event.name
        let isAgain = shutdown.beginnings > 1
        let isKnown: Bool
        switch event.step {
        case .acquired(let index, let detail):
            let index = index ?? resources.stack.count + 1
            guard resources.acquire(Resource(name: name, index: index, state: .inUse, detail: detail ?? "")) else {
                throw Rejection.resourceIsHeld(name)
            }
            return
        case .quiesced(let detail): isKnown = resources.update(name) { $0.quiesce(at: time, detail) }
        case .releasing(let left): isKnown = resources.update(name) { $0.beginRelease(at: time, left: left) }
        // Each clean-up lets go of what the other one did.
        case .released where isAgain && resources[name]?.state.isReleased == true:
            isKnown = resources.update(name) { $0.releases += 1 }
        case .released(let took, let detail):
            isKnown = resources.release(name, at: time, took: took ?? .zero, detail: detail)
        case .failed(let cause): isKnown = resources.update(name) { $0.fail(at: time, cause ?? "", isAgain: isAgain) }
        }
        if !isKnown { throw Rejection.resourceIsNotHeld(name) }
    }

    private mutating func fold(_ event: GateEvent, at time: Time) throws(Rejection) {
        switch event {
        case .told: if case .lead(let lead) = event.command { shutdown.toldLead = lead }
        case .held(let step):
            guard !gate.isHeld, !process.isGone else { throw Rejection.cannotBeHeld }
            gate.hold(before: step, at: time)
        case .released:
            guard gate.isHeld else { throw Rejection.lacks(.gateHeld) }
            gate.release(at: time)
        }
    }
}
