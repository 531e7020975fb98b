internal import ShutdownTrace

/// The part of the fold that is about work: listener, requests, WebSockets, jobs, payments, and what is left of them.
extension Board {
    mutating func takeListener(_ event: Event) {
        switch event.kind {
        case .listenerOpened:
            listener.openedAt = event.time
            process.port = process.port ?? event.fields.int(.port)
        case .listenerDrained: listener.drained = event.count(.count) ?? 0
        case .listenerClosed:
            guard listener.toldClosedAt == nil else { return reject(event, "closed before") }
            listener.toldClosedAt = event.time
        case .connectionOpened:
            listener.connections += event.count(.count) ?? 1
            if let port = event.fields.int(.port), listener.kinds.count < Listener.mostKinds {
                listener.kinds[port] = event.fields.string(.kind)
            }
        case .connectionClosed:
            if event.source == .client { takeHeld(event) }
            listener.connections = max(0, listener.connections - (event.count(.count) ?? 1))
        default: break
        }
    }

    /// How a connection ended to which the server owed nothing.
    private mutating func takeHeld(_ event: Event) {
        guard stopSignal != nil, let kind = event.fields.string(.kind), listener.held.count < 8 else { return }
        // The kernel closes what a killed process had open, a moment before its end is told.
        let isEnd = process.isGone || signals.sent.contains { $0.signal == .kill }
        let how = isEnd ? "open" : event.fields.string(.how) ?? ""
        listener.held[kind, default: Listener.Held()].endings[how, default: 0] += 1
        guard !isEnd else { return }
        if how != "client", listener.held[kind]?.firstAt == nil { listener.held[kind]?.firstAt = event.time }
        listener.held[kind]?.lastAt = event.time
    }

    mutating func takeRequest(_ event: Event) {
        guard let id = event.fields.int(.id) else { return reject(event, "no id") }
        switch (event.kind, event.source) {
        case (.requestStarted, .server):
            // The client's word is the one that counts; the server's alone is all there is in another's log.
            requests.update(id) { $0.instance = event.instance }
        case (.requestStarted, _):
            guard !requests.isInFlight(id) else { return reject(event, "started before") }
            requests.start(Lane(id: id, event))
        case (.requestSent, _):
            requests.areConnectionsTold = true
            requests.update(id) { $0.port = event.fields.int(.port) ?? $0.port }
        case (.requestAnswering, _):
            requests.update(id) {
                $0.answeringAt = event.time
                $0.status = event.fields.int(.status)
            }
        case (.requestFinished, .server): requests.update(id) { $0.serverDoneAt = event.time }
        case (.requestFinished, _): finishRequest(id, event)
        case (.requestCancelled, _): requests.update(id) { $0.cancelledAt = event.time }
        default: break
        }
    }

    private mutating func finishRequest(_ id: Int, _ event: Event) {
        guard let fate = event.fields.string(.fate).flatMap(Fate.init(rawValue:)) else {
            return reject(event, "no fate")
        }
        if let instance = event.fields.int(.instance) { requests.update(id) { $0.instance = instance } }
        let isOurs = deploy == nil || requests.inFlight[id].map(isWaitedFor) ?? true
        let isCounted = isTraced || requests.inFlight[id].map { !requests.isUntried($0, fate) } ?? false
        guard
            let start = requests.finish(
                id, fate, status: event.fields.int(.status), at: event.time, isOurs: isOurs, isTraced: isTraced)
        else {
            return reject(event, "never started")
        }
        traffic.record(fate, took: event.time - start, at: event.time)
        guard let signal = signals.stop else {
            if event.fields.bool(.closing) == true { traffic.closesBefore += 1 }
            return
        }
        if fate == .failed, isCounted {
            traffic.note(fault: event.fields.string(.cause) ?? "status \(event.fields.int(.status) ?? 500)")
        }
        if fate.isWhole, event.fields.bool(.closing) == true { traffic.announcedCloses += 1 }
        guard start > signal.at else {
            if isCounted, fate.isUnheard, signal.at - start < Traffic.doorstep { traffic.justBefore += 1 }
            return
        }
        traffic.fatesAfterSignal[fate, default: 0] += 1
        if fate.isUnheard, event.time - start < Traffic.doorstep { traffic.atTheDoor += 1 }
        if fate == .refused || fate == .unavailable { traffic.turnedAwayAt = traffic.turnedAwayAt ?? event.time }
    }

    mutating func takeWebSocket(_ event: Event) {
        guard let id = event.fields.int(.id) else { return reject(event, "no id") }
        switch (event.kind, event.source) {
        case (.websocketTold, _): websockets.told[id] = event.time
        case (.websocketEchoed, _), (.websocketClosed, .server): websockets.told[id] = nil
        case (.websocketOpened, .client), (.websocketOpened, .supervisor):
            guard websockets.open[id] == nil else { return reject(event, "opened before") }
            websockets.open[id] = event.time
        case (.websocketClosed, .client), (.websocketClosed, .supervisor): closeWebSocket(id, event)
        default: break
        }
    }

    private mutating func closeWebSocket(_ id: Int, _ event: Event) {
        guard let opened = websockets.open.removeValue(forKey: id) else { return reject(event, "never opened") }
        websockets.told[id] = nil
        guard let signal = stopSignal else { return }
        // In a deploy, one that was opened later is at another instance.
        guard deploy == nil || opened <= signal.at else { return }
        websockets.lastClosedAt = event.time
        if let code = event.fields.int(.code) { websockets.codes[code, default: 0] += 1 }
        if event.fields.bool(.clean) == true { websockets.closedClean += 1 } else { websockets.closedDirty += 1 }
    }

    mutating func takeJob(_ event: Event) {
        guard let id = event.fields.int(.id) else { return reject(event, "no id") }
        switch event.kind {
        case .jobQueued: jobs.queued += 1
        case .jobFetched:
            guard jobs.running[id] == nil else { return reject(event, "fetched before") }
            jobs.running[id] = event.time
        case .jobFinished, .jobReturned, .jobAbandoned:
            guard jobs.running.removeValue(forKey: id) != nil else { return reject(event, "never fetched") }
            jobs.lastSettledAt = event.time
            switch event.kind {
            case .jobFinished: jobs.finished += 1
            case .jobReturned: jobs.returned += 1
            default: jobs.abandoned += 1
            }
        default: break
        }
    }

    mutating func takeTransaction(_ event: Event) {
        switch event.kind {
        case .transactionBegan:
            if resources["ledger"]?.isBeyondUse == true { ledger.lateTransactions += 1 }
            if let id = event.fields.int(.id) { ledger.openTransactions[id] = event.time }
        case .transactionCommitted, .transactionRolledBack:
            guard let id = event.fields.int(.id), ledger.openTransactions.removeValue(forKey: id) != nil else {
                return reject(event, "never began")
            }
        case .ledgerRefused: ledger.misuses += 1
        case .ledgerClosed:
            guard ledger.closedAt == nil else { return reject(event, "closed before") }
            ledger.closedAt = event.time
            ledger.openAtClose = event.count(.open) ?? ledger.openTransactions.count
        default: break
        }
    }

    mutating func takePayment(_ event: Event) {
        guard let order = event.fields.int(.order) else { return reject(event, "no order") }
        switch event.kind {
        case .paymentIntended:
            guard ledger.open[order] == nil else { return reject(event, "intended before") }
            ledger.open[order] = 0
        case .paymentCharged: charge(order, event)
        case .paymentReplayed: ledger.replayed += 1
        case .paymentSettled:
            guard let rows = ledger.open.removeValue(forKey: order) else { return reject(event, "never intended") }
            let belief = event.fields.string(.belief).flatMap(PaymentMatrix.Belief.init(rawValue:)) ?? .unknown
            ledger.settle(order, belief, rows: rows)
            switch belief {
            case .paid: ledger.acknowledged += 1
            case .refused: ledger.refused += 1
            case .unknown: ledger.unknown += 1
            }
        case .paymentAudited:
            guard ledger.findings.count < Requests.longestList else { return }
            ledger.findings.append(
                .init(
                    order: order, belief: event.fields.string(.belief) ?? "unknown", rows: event.count(.rows) ?? 0,
                    request: event.fields.int(.id), cell: event.fields.string(.cause) ?? ""))
        default: break
        }
    }

    private mutating func charge(_ order: Int, _ event: Event) {
        ledger.charged += 1
        requests.charge(order: order, at: event.time)
        guard let rows = ledger.open[order] else { return ledger.chargeLate(order) }
        ledger.open[order] = rows + 1
        if rows + 1 > 1 { ledger.seenTwice.insert(order) }
    }

    mutating func takeRemains(_ event: Event) {
        let fields = event.fields
        switch event.kind {
        case .logWritten: log.written = event.count(.lines) ?? log.written
        case .logFlushed:
            log.flushedAt = event.time
            log.written = event.count(.lines) ?? log.written
        case .logAudited:
            log.found = event.count(.lines)
            log.lost = event.count(.lost)
        case .portProbed: remains.port = fields.string(.answer)
        case .fileLeft:
            remains.files.append(.init(name: fields.string(.file) ?? "", bytes: event.count(.bytes) ?? 0))
        case .ledgerAudited:
            ledger.audit = Ledger.Audit(
                charged: event.count(.charged) ?? 0, acknowledged: event.count(.acknowledged) ?? 0,
                lost: event.count(.lost) ?? 0, twice: event.count(.twice) ?? 0, ambiguous: event.count(.ambiguous) ?? 0,
                failure: fields.string(.cause))
            let audited = fields.raw(.matrix).flatMap(PaymentMatrix.init(json:))
            if let audited { (ledger.matrix, ledger.isMatrixAudited) = (audited, true) }
        default: break
        }
    }
}

extension Lane {
    init(id: Int, _ event: Event) {
        self.init(
            id: id, method: event.fields.string(.method) ?? "",
            path: Self.withoutQuery(event.fields.string(.path) ?? ""),
            kind: event.fields.string(.kind) ?? "", order: event.fields.int(.order), startedAt: event.time,
            expected: event.fields.time(.expected), port: event.fields.int(.port))
    }

    private static func withoutQuery(_ path: String) -> String {
        guard let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return path }
        return String(path[..<mark])
    }
}
