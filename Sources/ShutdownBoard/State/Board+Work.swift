internal import ShutdownTrace

/// The part of the fold that is about work: listener, requests, WebSockets, jobs, payments, and what is left of them.
extension Board {
    mutating func fold(_ told: ConnectionEvent, _ event: Event) throws(Rejection) {
        switch told {
        case .listenerOpened(let port):
            listener.openedAt = event.time
            process.port = process.port ?? port
        case .listenerDrained(let count): listener.drained = count
        case .listenerClosed:
            guard listener.toldClosedAt == nil else { throw Rejection.happenedBefore }
            listener.toldClosedAt = event.time
        case .opened(_, let kind, let port):
            listener.connections += 1
            if let port, listener.kinds.count < Listener.mostKinds { listener.kinds[port] = kind }
        case .closed(let closed):
            if event.source == .client { noteHeld(closed, at: event.time) }
            listener.connections = max(0, listener.connections - (closed.count ?? 1))
        case .workSkipped(.bodies, let cause): traffic.doubt = cause
        case .workSkipped(.clients, _), .workSkipped(.other, _): break
        }
    }

    /// Counts how a connection ended on which the server owed no answer.
    private mutating func noteHeld(_ closed: ConnectionEvent.ClosedConnection, at time: Time) {
        guard stopSignal != nil, let kind = closed.kind else { return }
        // The kernel closes what a killed process had open, a moment before its end is told.
        let isEnd = process.isGone || signals.sent.contains { $0.signal == .kill }
        listener.held[kind, default: Listener.Held()].note(isEnd ? .open : closed.end, at: isEnd ? nil : time)
    }

    mutating func fold(_ told: RequestEvent, _ event: Event) throws(Rejection) {
        let time = event.time
        switch told {
        case .started(let request) where event.source == .server:
            // The client's word is the one that counts; the server's alone is all there is in another's log.
            requests.enter(request.id)
            requests.update(request.id) {
                $0.instance = event.instance
                $0.takenAt = $0.takenAt ?? time
            }
        case .started(let request):
            guard !requests.isUnderWay(request.id) else { throw Rejection.happenedBefore }
            requests.start(Lane(request, at: time), isOutside: isClosed)
        case .sent(let id, let port):
            requests.areConnectionsTold = true
            requests.enter(id)
            requests.update(id) {
                $0.port = port ?? $0.port
                $0.sentAt = time
            }
        case .answering(let id, let status):
            requests.enter(id)
            requests.update(id) {
                $0.answeringAt = time
                $0.status = status
            }
        case .handedOver(let id, _, _): requests.update(id) { $0.serverDoneAt = time }
        case .finished(let finished): try finish(finished, event)
        case .cancelled(let id, _, _, let cause):
            requests.update(id) {
                $0.cancelledAt = time
                $0.cancelCause = cause
            }
        }
    }

    /// Whether nobody takes a new connection any more: the listener is closed, and no other instance may answer.
    private var isClosed: Bool { deploy == nil && listener.closedAt != nil }

    private mutating func finish(_ finished: RequestEvent.FinishedRequest, _ event: Event) throws(Rejection) {
        let id = finished.id
        let fate = finished.fate
        if let instance = event.namedInstance {
            requests.enter(id)
            requests.update(id) { $0.instance = instance }
        }
        let isOurs = deploy == nil || requests.inFlight[id].map(isOurs) ?? true
        let isCounted = isTraced || requests.inFlight[id].map { !requests.isUntried($0, fate) } ?? false
        let lane = fate.isUnsent || fate.isUnheard ? requests.underWay(id) : nil
        let isGivenUp = fate == .timedOut && remains.wereEnded && requests.inFlight[id]?.wasInFlightAtSignal == true
        if isGivenUp, isCounted { requests.givenUp += 1 }
        guard
            let start = requests.finish(
                id, finished, at: event.time, isOurs: isOurs, isTraced: isTraced)
        else { throw Rejection.lacks(.requestStarted) }
        traffic.record(fate, took: event.time - start, at: event.time)
        guard let signal = signals.stop else {
            if finished.isClosing { traffic.closesBefore += 1 }
            return
        }
        if fate == .failed, isCounted {
            traffic.note(.init(finished.cause.map { .told($0) } ?? .status(finished.status ?? 500), finished.fault))
        }
        if fate.isWhole, finished.isClosing { traffic.announcedCloses += 1 }
        guard start > signal.at else {
            if isCounted, fate.isUnheard, signal.at - start < Traffic.doorstep { traffic.justBefore += 1 }
            return
        }
        traffic.fatesAfterSignal[fate, default: 0] += 1
        if fate.isUnheard, event.time - start < Traffic.doorstep { traffic.atTheDoor += 1 }
        if let lane { noteTurnedAway(lane, fate, at: event.time) }
        if fate == .refused || fate == .unavailable { traffic.turnedAwayAt = traffic.turnedAwayAt ?? event.time }
    }

    /// The clients' word counts; the supervisor speaks for those that are still open at the end.
    mutating func fold(_ told: WebSocketEvent, _ event: Event) throws(Rejection) {
        let isClient = event.source == .client || event.source == .supervisor
        switch told {
        case .told(let id, _): websockets.told[id] = event.time
        case .echoed(let id):
            websockets.told[id] = nil
            if websockets.open[id] != nil { websockets.echoed.insert(id) }
        case .opened(let id, let port):
            guard isClient else { return }
            if let port, listener.kinds.count < Listener.mostKinds { listener.kinds[port] = .websocket }
            guard websockets.open[id] == nil else { throw Rejection.happenedBefore }
            websockets.open[id] = event.time
        case .closed(let closed):
            if event.source == .server { websockets.told[closed.id] = nil }
            if isClient { try close(closed, at: event.time) }
        }
    }

    private mutating func close(_ closed: WebSocketEvent.ClosedWebSocket, at time: Time) throws(Rejection) {
        guard let opened = websockets.open.removeValue(forKey: closed.id) else {
            throw Rejection.lacks(.websocketOpened)
        }
        websockets.told[closed.id] = nil
        websockets.echoed.remove(closed.id)
        guard let signal = stopSignal else { return }
        // In a deploy, one that was opened later is at another instance.
        guard deploy == nil || opened <= signal.at else { return }
        if closed.end == .open || !closed.isClean && remains.wereEnded {
            websockets.leftOpen += 1
            return
        }
        websockets.lastClosedAt = time
        if let code = closed.code { websockets.codes[code, default: 0] += 1 }
        if closed.isClean { websockets.closedClean += 1 } else { websockets.closedDirty += 1 }
    }

    mutating func fold(_ event: JobEvent, at time: Time) throws(Rejection) {
        switch event.step {
        case .queued: jobs.queued += 1
        case .fetched:
            guard jobs.running[event.id] == nil else { throw Rejection.happenedBefore }
            jobs.running[event.id] = time
        case .finished:
            try settle(event, at: time)
            jobs.finished += 1
        case .returned:
            try settle(event, at: time)
            jobs.returned += 1
        case .abandoned:
            try settle(event, at: time)
            jobs.abandoned += 1
        }
    }

    private mutating func settle(_ event: JobEvent, at time: Time) throws(Rejection) {
        guard jobs.running.removeValue(forKey: event.id) != nil else { throw Rejection.lacks(.jobFetched) }
        jobs.lastSettledAt = time
    }

    mutating func fold(_ event: LedgerEvent, at time: Time) throws(Rejection) {
        switch event {
        case .began(let id, _):
            if resources[.ledger]?.isBeyondUse == true { ledger.lateTransactions += 1 }
            if let id { ledger.openTransactions[id] = time }
        case .committed(let id, _), .rolledBack(let id, _, _):
            guard let id, ledger.openTransactions.removeValue(forKey: id) != nil else {
                throw Rejection.lacks(.transactionBegan)
            }
        case .refused: ledger.misuses += 1
        case .checkpointed: break
        case .closed(let open):
            guard ledger.closedAt == nil else { throw Rejection.happenedBefore }
            ledger.closedAt = time
            ledger.openAtClose = open ?? ledger.openTransactions.count
        }
    }

    mutating func fold(_ event: PaymentEvent, at time: Time) throws(Rejection) {
        let order = event.order
        switch event.step {
        case .intended(_, let key):
            guard ledger.open[order] == nil else { throw Rejection.happenedBefore }
            ledger.open[order] = Ledger.Open(isKeyed: key != nil)
        case .charged:
            requests.charge(order: order, at: time)
            ledger.charge(order)
        case .replayed: ledger.replayed += 1
        case .retried: ledger.noteKey(order)
        case .settled(let belief, _):
            guard ledger.settle(order, belief) else { throw Rejection.lacks(.paymentIntended) }
        }
    }

    mutating func fold(_ event: LogFileEvent, at time: Time) {
        switch event {
        case .written(let lines): log.written = lines ?? log.written
        case .flushed(let lines, _):
            log.flushedAt = time
            log.written = lines ?? log.written
        case .line: break
        }
    }

    mutating func fold(_ event: RemainsEvent) {
        switch event {
        case .portProbed(_, let answer): remains.port = answer
        case .fileLeft(let file, let bytes): remains.files.append(.init(path: file, bytes: bytes ?? 0))
        case .paymentAudited(let payment):
            if ledger.findings.count < Requests.longestList { ledger.findings.append(payment) }
        case .ledgerAudited(let audit): ledger.take(audit)
        case .ledgerUnreadable(let cause): ledger.audit = .init(failure: cause)
        case .logAudited(let lines, let lost):
            log.found = lines
            log.lost = lost
        }
    }
}
