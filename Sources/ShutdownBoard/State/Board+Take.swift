public import ShutdownTrace

/// The fold itself: what each event changes.
extension Board {
    mutating func take(_ event: Event) {
        if case .importer = event.source, event.fields.bool(.inferred) == true { shutdown.guesses.insert(event.kind) }
        if takeDeploy(event) { return }
        switch event.kind {
        case .gateHeld, .gateReleased: takeGate(event)
        case .runBegan, .processSpawned, .processServing, .processStopped, .processContinued, .processExited,
            .processLeftBehind, .runEnded:
            takeProcess(event)
        case .signalsArmed, .signalsSeen, .signalSent, .signalReceived, .signalsRestored:
            takeSignal(event)
        case .shutdownBegan, .shutdownForced, .shutdownEnded, .leadEnded, .drainBegan, .drainDeadlinePassed,
            .drainEnded,
            .graceChanged, .graceExpired:
            takeShutdown(event)
        case .readinessRaised, .readinessLowered, .probePassed, .probeFailed, .rotationEntered, .rotationLeft,
            .requestDiverted:
            takeRotation(event)
        case .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed:
            takeResource(event)
        case .listenerOpened, .listenerDrained, .listenerClosed, .connectionOpened, .connectionClosed:
            takeListener(event)
        case .requestStarted, .requestSent, .requestAnswering, .requestFinished, .requestCancelled:
            takeRequest(event)
        case .websocketOpened, .websocketTold, .websocketEchoed, .websocketClosed:
            takeWebSocket(event)
        case .jobQueued, .jobFetched, .jobFinished, .jobReturned, .jobAbandoned:
            takeJob(event)
        case .transactionBegan, .transactionCommitted, .transactionRolledBack, .ledgerRefused, .ledgerCheckpointed,
            .ledgerClosed:
            takeTransaction(event)
        case .paymentIntended, .paymentRetried, .paymentSettled, .paymentCharged, .paymentReplayed, .paymentAudited:
            takePayment(event)
        case .logWritten, .logFlushed, .portProbed, .fileLeft, .ledgerAudited, .logAudited:
            takeRemains(event)
        case .memberSeen, .memberGone, .listenerSeen, .listenerGone, .socketsSeen, .blockerSeen, .blockerGone:
            takeWitness(event)
        case .serverTold: takeOrder(event.fields.string(.text) ?? "")
        case .deployBegan, .deployEnded, .instanceSpawned, .instanceServing, .instanceExited, .balancerChanged: break
        case .outputPrinted:
            process.lastLines =
                process.lastLines.suffix(ServerProcess.longestOutput - 1) + [event.fields.string(.text) ?? ""]
        case .workSkipped where event.fields.string(.kind) == "bodies": traffic.doubt = event.fields.string(.cause)
        case .logLine, .traceDropped, .traceGap, .faultReported, .workSkipped, .unknown:
            break
        }
    }

    /// Counts an event that cannot have happened in this state, and changes nothing.
    mutating func reject(_ event: Event, _ why: String) {
        anomalies.count("\(event.name): \(why)")
        wasRejected = true
    }

    private mutating func takeProcess(_ event: Event) {
        guard !process.isGone || event.kind == .processLeftBehind || event.kind == .runEnded else {
            return reject(event, "the process is gone")
        }
        switch event.kind {
        case .processSpawned:
            guard case .absent = process.state else { return reject(event, "spawned before") }
            process.pid = event.fields.int(.pid) ?? process.pid
            process.state = .starting(since: event.time)
        case .processServing:
            process.port = event.fields.int(.port) ?? process.port
            process.state = .serving(since: event.time)
            process.hasServed = true
        case .processStopped: process.frozenSince = process.frozenSince ?? event.time
        case .processContinued: process.frozenSince = nil
        case .processExited: takeExit(event)
        case .processLeftBehind:
            remains.processes.append(
                .init(pid: event.fields.int(.pid) ?? 0, command: event.fields.string(.command) ?? ""))
        case .runEnded: process.isRunOver = true
        default: break
        }
    }

    private mutating func takeExit(_ event: Event) {
        guard let status = ExitStatus(event.fields) else { return reject(event, "does not say how") }
        process.state = .gone(status, at: event.time)
        process.diedFrozen = process.frozenSince != nil
        process.frozenSince = nil
        gate.release(at: event.time)
    }

    private mutating func takeSignal(_ event: Event) {
        switch event.kind {
        case .signalsArmed: shutdown.signalsArmedAt = event.time
        case .signalsSeen:
            signals.masks = Signals.Masks(
                caught: event.numbers(.caught), ignored: event.numbers(.ignored), blocked: event.numbers(.blocked))
        case .signalSent: takeSent(event)
        case .signalReceived:
            guard let signal = event.signal else { return reject(event, "no signal") }
            let index = signals.sent.firstIndex { $0.signal == signal && $0.receivedAt == nil }
            // A log may tell of a signal that nobody here sent.
            if let index {
                signals.sent[index].receivedAt = event.time
            } else if isExperiment {
                // Two pipes: the news that it came may overtake the news that it was sent.
                signals.overtaken[signal] = event.time
            } else {
                let sent = SentSignal(
                    signal: signal, at: event.time, by: "outside", inFlight: requests.inFlight.count,
                    receivedAt: event.time)
                markSignal(sent)
            }
        default: break
        }
    }

    private mutating func takeSent(_ event: Event) {
        guard let signal = event.signal else { return reject(event, "no signal") }
        guard !process.isGone else { return reject(event, "the process is gone") }
        let by = event.fields.string(.by) ?? "user"
        let received = signals.overtaken.removeValue(forKey: signal).flatMap { $0 >= event.time ? $0 : nil }
        markSignal(
            SentSignal(
                signal: signal, at: event.time, by: by, inFlight: requests.inFlight.count, receivedAt: received))
    }

    private mutating func markSignal(_ sent: SentSignal) {
        let isFirst = stopSignal == nil && sent.asksToStop
        signals.sent.append(sent)
        guard isFirst else { return }
        requests.markSignal()
        websockets.atSignal = websockets.open.count
    }

    /// Whether a supervisor's witness is part of this trace, as in every run of the experiment.
    private var isExperiment: Bool { anomalies.hasHeard(.supervisor) }

    private mutating func takeShutdown(_ event: Event) {
        switch event.kind {
        case .shutdownBegan:
            // A server that cleans up twice says so: that is a fault of its own, and none of its trace.
            guard shutdown.beganAt == nil || event.fields.int(.ordinal) ?? 1 > 1 else {
                return reject(event, "began before")
            }
            shutdown.begin(at: event.time, event.fields.string(.cause) ?? "")
            shutdown.budgets = Budgets(event.fields) ?? shutdown.budgets
        case .leadEnded: shutdown.leadEndedAt = event.time
        case .drainBegan: shutdown.drainBeganAt = shutdown.drainBeganAt ?? event.time
        case .drainDeadlinePassed:
            shutdown.deadlinePassedAt = event.time
            shutdown.leftAtDeadline = max(shutdown.leftAtDeadline ?? 0, event.count(.left) ?? 0)
        case .drainEnded:
            guard shutdown.drainBeganAt != nil else { return reject(event, "never began") }
            shutdown.drainEndedAt = event.time
        case .shutdownForced:
            shutdown.forced =
                shutdown.forced
                ?? .init(
                    at: event.time, cause: ForcedCause(text: event.fields.string(.cause) ?? ""))
        case .shutdownEnded: shutdown.endedAt = event.time
        case .graceChanged: shutdown.grace = event.fields.time(.grace) ?? shutdown.grace
        case .graceExpired: shutdown.graceExpiredAt = event.time
        default: break
        }
    }

    /// What the parent of the server wrote to it: `lead 5.0` is a new lead in seconds.
    private mutating func takeOrder(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0] == "lead", let lead = Double(words[1]), (0...1_000_000).contains(lead) else {
            return
        }
        shutdown.toldLead = .seconds(lead)
    }

    private mutating func takeRotation(_ event: Event) {
        switch event.kind {
        case .readinessRaised: rotation.readinessRaisedAt = event.time
        case .readinessLowered: rotation.readinessLoweredAt = rotation.readinessLoweredAt ?? event.time
        case .probePassed: rotation.failures = 0
        case .probeFailed:
            rotation.failures = event.fields.int(.failures) ?? rotation.failures + 1
            rotation.threshold = event.fields.int(.threshold) ?? rotation.threshold
        case .rotationEntered:
            rotation.enteredAt = event.time
            rotation.failures = 0
        case .rotationLeft: rotation.leftAt = event.time
        case .requestDiverted: rotation.diverted += event.count(.count) ?? 1
        default: break
        }
    }

    private mutating func takeResource(_ event: Event) {
        guard let name = event.fields.string(.name) else { return reject(event, "no name") }
        let time = event.time
        let isKnown: Bool
        var why = "\(name) is not held"
        switch event.kind {
        case .resourceAcquired:
            why = "\(name) is held already"
            let index = event.fields.int(.index) ?? resources.stack.count + 1
            isKnown = resources.acquire(
                Resource(name: name, index: index, state: .inUse, detail: event.fields.string(.detail) ?? ""))
        case .resourceQuiesced:
            isKnown = resources.update(name) {
                if case .inUse = $0.state { $0.state = .quiesced(since: time) }
                $0.detail = event.fields.string(.detail) ?? $0.detail
            }
        case .resourceReleasing:
            isKnown = resources.update(name) {
                if !$0.state.isReleased { $0.state = .releasing(since: time) }
                $0.left = event.fields.int(.left)
            }
        case .resourceReleased where shutdown.beginnings > 1 && resources[name]?.state.isReleased == true:
            // Each clean-up lets go of what the other one did.
            isKnown = resources.update(name) { $0.releases += 1 }
        case .resourceReleased:
            isKnown = resources.release(
                name, at: time, took: event.fields.time(.took) ?? .zero, detail: event.fields.string(.detail))
        case .resourceFailed:
            let cause = event.fields.string(.cause) ?? ""
            let isAgain = shutdown.beginnings > 1
            isKnown = resources.update(name) { $0.fail(at: time, cause, isAgain: isAgain) }
        default: isKnown = true
        }
        if !isKnown { reject(event, why) }
    }
}

extension ExitStatus {
    /// Reads `how` with `code`, or with `signal` and `core`.
    public init?(_ fields: Fields) {
        switch fields.string(.how) {
        case "exited":
            guard let code = fields.int(.code), (0...255).contains(code) else { return nil }
            self = .exited(code: code)
        case "signaled":
            guard let number = fields.int(.signal), (1...64).contains(number) else { return nil }
            self = .signaled(Signal(rawValue: Int32(number)), coreDumped: fields.bool(.core) ?? false)
        default: return nil
        }
    }
}

extension Event {
    var signal: Signal? {
        fields.int(.signal).flatMap { (1...64).contains($0) ? Signal(rawValue: Int32($0)) : nil }
    }

    /// A count as a trace tells it: never negative, and so small that no sum of them overflows.
    func count(_ key: Fields.Key) -> Int? { fields.int(key).map { min(max($0, 0), 1 << 40) } }

    func numbers(_ key: Fields.Key) -> Set<Int32> {
        Set((fields.ints(key) ?? []).compactMap(Int32.init(exactly:)))
    }
}

extension Fields {
    /// The text of an array or object.
    func raw(_ key: Key) -> String? { if case .raw(let text) = self[key] { text } else { nil } }
}
