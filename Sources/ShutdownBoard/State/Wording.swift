internal import ShutdownTrace

/// How each event reads in the event pane and in plain output.
extension Board {
    /// The line for an event, or nil for one that would only be noise: the board shows those as numbers.
    func wording(_ event: Event) -> Feed.Line? {
        guard event.instance == 1 || event.isNewsOfAnother else { return nil }
        guard let (words, weight) = importedSentence(event) ?? deploySentence(event) ?? sentence(event) else {
            return nil
        }
        let isOther = event.instance > 1 && event.source != .client
        let text = isOther ? "instance \(event.instance): \(words)" : words
        return Feed.Line(
            time: event.time, source: event.source, text: text, weight: weight,
            isInferred: event.fields.bool(.inferred) ?? false)
    }

    /// A line of a log is shown as it was written.
    private func importedSentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        guard case .importer = event.source, let text = event.fields.string(.text), !text.isEmpty else { return nil }
        if event.kind != .logLine { return (text, sentence(event)?.1 ?? .normal) }
        let isBad = ["error", "critical"].contains(event.fields.string(.level))
        return (text, isBad ? .risk : .quiet)
    }

    private func sentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        switch event.kind {
        case .requestFinished: return requestSentence(event)
        case .websocketClosed: return webSocketSentence(event)
        case .signalSent, .signalReceived, .signalsArmed, .signalsRestored: return signalSentence(event)
        case .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed:
            return resourceSentence(event)
        default: break
        }
        let fields = event.fields
        var text: String { fields.string(.text) ?? "" }
        var count: Int { fields.int(.count) ?? 0 }
        switch event.kind {
        case .processSpawned: return ("started as process \(fields.int(.pid) ?? 0)", .normal)
        case .processServing:
            let port = fields.int(.port).map { " on port \($0)" } ?? ""
            if isUnasked { return ("runs", .normal) }
            return ("answers\(port), \((fields.time(.took) ?? .zero).words) after the start", .normal)
        case .processStopped: return ("frozen by a stop signal", .risk)
        case .processContinued: return ("goes on", .normal)
        case .processExited: return ("the process \(ExitStatus(fields)?.words ?? "is gone")", exitWeight(fields))
        case .processLeftBehind:
            return ("left behind: process \(fields.int(.pid) ?? 0) \(fields.string(.command) ?? "")", .loss)
        case .gateHeld: return ("held before \(fields.string(.name) ?? "the next step")", .signal)
        case .gateReleased: return ("goes on, held for \((fields.time(.took) ?? .zero).words)", .normal)
        case .serverTold: return ("told the server: \(text)", .quiet)
        case .memberGone where stopSignal != nil:
            let name = family.members[fields.int(.pid) ?? 0].map { " \($0.command)" } ?? ""
            return ("process \(fields.int(.pid) ?? 0)\(name) \(ExitStatus(fields)?.words ?? "is gone")", .normal)
        case .shutdownBegan where shutdown.repeats.last?.at == event.time:
            return ("the clean-up begins once more: \(fields.string(.cause) ?? "")", .risk)
        case .shutdownBegan: return ("shutdown begins: \(fields.string(.cause) ?? "")", .signal)
        case .leadEnded: return ("lead is over", .normal)
        case .drainBegan where event.source == .importer: return ("drain begins", .normal)
        case .drainBegan:
            return ("drain begins, the server counts \(counted(fields.int(.open) ?? 0, "request"))", .normal)
        case .drainDeadlinePassed:
            return ("the drain's limit passed, \(counted(fields.int(.left) ?? 0, "request")) cut", .loss)
        case .drainEnded: return ("drain ended", .normal)
        case .shutdownForced: return ("forced: \(fields.string(.cause) ?? "")", .risk)
        case .shutdownEnded: return ("shutdown ended, \(fields.string(.outcome) ?? "")", .normal)
        case .graceChanged:
            return ("the grace period is now \((fields.time(.grace) ?? .zero).limitWords)", .normal)
        case .graceExpired: return ("grace period of \((fields.time(.grace) ?? .zero).words) is over", .loss)
        case .readinessLowered: return ("readiness down", .normal)
        case .readinessRaised: return ("ready", .normal)
        case .probeFailed:
            let why = fields.string(.cause) ?? fields.int(.status).map { "status \($0)" } ?? ""
            return ("probe failed \(fields.int(.failures) ?? 1) of \(fields.int(.threshold) ?? 1): \(why)", .normal)
        case .rotationEntered: return ("in rotation", .normal)
        case .rotationLeft: return ("out of rotation after \(fields.int(.failures) ?? 0) failed probes", .normal)
        case .listenerOpened: return ("listens on port \(fields.int(.port) ?? 0)", .normal)
        case .listenerDrained:
            return count == 0 ? nil : ("\(counted(count, "connection")) taken from the accept queue", .normal)
        case .listenerClosed:
            let queue = listener.drained == 0 ? "nothing left in the accept queue" : "accept queue emptied"
            return ("listener closed, \(queue)", .normal)
        case .listenerSeen where isUnasked: return ("listens on port \(fields.int(.port) ?? 0)", .normal)
        case .listenerGone where stopSignal != nil && !isTraced:
            return ("nobody listens on port \(fields.int(.port) ?? 0) any more", .normal)
        case .connectionClosed where event.source == .server:
            return ("\(counted(count, "idle connection")) closed", .quiet)
        case .workSkipped where fields.string(.kind) == "bodies":
            return ("bodies cannot be compared: \(fields.string(.cause) ?? "")", .quiet)
        case .workSkipped:
            return ("no more \(fields.string(.kind) ?? "") clients: \(fields.string(.cause) ?? "")", .quiet)
        case .requestCancelled:
            let name = "\(fields.int(.id) ?? 0) \(fields.string(.method) ?? "") \(fields.string(.path) ?? "")"
            return ("\(name) given up: \(fields.string(.cause) ?? "")", .loss)
        case .jobReturned: return ("job \(fields.int(.id) ?? 0) handed back to the queue", .normal)
        case .jobAbandoned: return ("job \(fields.int(.id) ?? 0) abandoned", .loss)
        case .transactionRolledBack where stopSignal != nil:
            return ("transaction \(fields.int(.id) ?? 0) rolled back: \(fields.string(.cause) ?? "")", .risk)
        case .ledgerRefused: return ("the ledger was used after it began to close", .loss)
        case .ledgerCheckpointed: return ("write-ahead log moved into the database", .quiet)
        case .ledgerClosed: return ("ledger closed, \(fields.int(.open) ?? 0) transactions open", .normal)
        case .paymentRetried:
            return ("order \(fields.int(.order) ?? 0) tried again, attempt \(fields.int(.attempt) ?? 0)", .risk)
        case .paymentReplayed: return ("order \(fields.int(.order) ?? 0): known key, first answer again", .normal)
        case .paymentAudited: return (auditSentence(fields), .loss)
        case .logFlushed: return ("log flushed, \(counted(fields.int(.lines) ?? 0, "line"))", .normal)
        case .portProbed:
            let answer = fields.string(.answer) ?? ""
            return ("port \(fields.int(.port) ?? 0) \(answer == "refused" ? "is free" : answer)", .normal)
        case .fileLeft: return ("left behind: \(fields.string(.file) ?? "")", .loss)
        case .ledgerAudited:
            if let cause = fields.string(.cause) { return ("the ledger could not be read: \(cause)", .risk) }
            return ("ledger holds \(counted(fields.int(.charged) ?? 0, "payment"))", .normal)
        case .logAudited:
            let lost = fields.int(.lost) ?? 0
            return lost == 0 ? nil : ("\(counted(lost, "log line")) never reached the file", .loss)
        case .outputPrinted, .logLine: return (text, fields.string(.stream) == "err" ? .normal : .quiet)
        case .traceDropped: return ("\(counted(count, "event")) dropped by the server: nobody read fast enough", .risk)
        case .traceGap: return ("\(counted(count, "event")) of the \(fields.string(.source) ?? "") missing", .risk)
        case .faultReported: return (text, .risk)
        case .unknown: return (event.name, .quiet)
        default: return nil
        }
    }

    private func exitWeight(_ fields: Fields) -> Feed.Line.Weight {
        if case .exited(code: 0)? = ExitStatus(fields) { .normal } else { .loss }
    }

    private func auditSentence(_ fields: Fields) -> String {
        let belief = fields.string(.belief).flatMap(PaymentMatrix.Belief.init) ?? .unknown
        let rows = fields.int(.rows) ?? 0
        return "order \(fields.int(.order) ?? 0): client: \(belief.words), ledger: \(counted(rows, "row"))"
    }

    private func signalSentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        let fields = event.fields
        switch event.kind {
        case .signalSent:
            guard let signal = event.signal else { return nil }
            let by = fields.string(.by) == "grace" ? " because the grace period is over" : ""
            let whom = fields.string(.target) == "group" ? "the process group of " : ""
            return ("\(signal.name) sent to \(whom)\(fields.int(.pid) ?? process.pid ?? 0)\(by)", .signal)
        case .signalReceived:
            let sender = fields.int(.sender).map { " from process \($0)" } ?? ""
            return ("signal \(fields.int(.ordinal) ?? 1) received\(sender)", .signal)
        case .signalsArmed: return ("signal handlers stand", .quiet)
        case .signalsRestored: return ("default signal actions restored", .quiet)
        default: return nil
        }
    }

    private func resourceSentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        let name = event.fields.string(.name) ?? ""
        switch event.kind {
        case .resourceAcquired: return ("\(name) acquired", .quiet)
        case .resourceReleased where resources[name].map { $0.releases > 1 } ?? false:
            return ("\(name) released again", .risk)
        case .resourceReleased: return ("\(name) released in \((event.fields.time(.took) ?? .zero).words)", .normal)
        case .resourceFailed: return ("\(name) failed: \(event.fields.string(.cause) ?? "")", .loss)
        default: return nil
        }
    }

    /// Before a signal only losses are news; after it, so is everything that was in flight.
    private func requestSentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        if case .server = event.source { return nil }
        let isStopping = stopSignal != nil || shutdown.drainBeganAt != nil
        guard isStopping || event.fields.string(.fate) != Fate.answered.rawValue else { return nil }
        guard let lane = requests.recent.last, let fate = lane.end?.fate else { return nil }
        let isNews = fate != .answered || lane.wasInFlightAtSignal || shutdown.drainBeganAt != nil
        guard isNews else { return nil }
        let took = (event.time - lane.startedAt).words
        if fate == .answered {
            return ("\(lane.label) answered \(lane.status.map(String.init) ?? "") after \(took)", .normal)
        }
        let weight: Feed.Line.Weight = fate.isLoss || fate == .failed ? .loss : .risk
        return ("\(lane.label) \(fate.words)\(fate == .cut ? " in mid-answer" : "") after \(took)", weight)
    }

    private func webSocketSentence(_ event: Event) -> (String, Feed.Line.Weight)? {
        guard event.source != .server, stopSignal != nil else { return nil }
        let id = event.fields.int(.id) ?? 0
        guard event.fields.bool(.clean) == true else { return ("websocket \(id) cut without a Close", .loss) }
        // One line for all of them: a thousand goodbyes would push everything else out of sight.
        guard websockets.open.isEmpty else { return nil }
        let codes = websockets.codes.keys.sorted().map(String.init).joined(separator: " and ")
        return (counted(websockets.closedClean, "websocket") + " closed, \(codes)", .normal)
    }
}

extension Event {
    /// Whether there may be a line for it: most events of a busy run are of kinds for which there never is.
    func mayBeTold(_ isStopping: Bool) -> Bool {
        switch kind {
        case .requestFinished where source != .server:
            isStopping || source == .importer || fields.string(.fate) != Fate.answered.rawValue
        case .requestStarted, .requestSent, .requestAnswering, .requestFinished, .connectionOpened, .transactionBegan,
            .transactionCommitted, .paymentIntended, .paymentSettled, .paymentCharged, .jobQueued, .jobFetched,
            .jobFinished:
            source == .importer
        default: true
        }
    }
}
