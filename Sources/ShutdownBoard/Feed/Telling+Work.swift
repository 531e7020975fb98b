internal import ShutdownTrace

/// How the feed tells of what becomes of work, and of what is left after the exit.
extension ConnectionEvent {
    var telling: Telling? {
        switch self {
        case .listenerOpened(let port): Telling(.normal, "listens on port \(port ?? 0)")
        case .listenerDrained(0): nil
        case .listenerDrained(let count):
            Telling(.normal, "\(counted(count, "connection")) taken from the accept queue")
        case .listenerClosed, .opened: nil
        case .closed(let closed): Telling(.quiet, "\(counted(closed.count ?? 0, "idle connection")) closed")
        case .workSkipped(.bodies, let cause): Telling(.quiet, "bodies cannot be compared: \(cause)")
        case .workSkipped(let work, let cause): Telling(.quiet, "no more \(work.rawValue) clients: \(cause)")
        }
    }
}

extension RequestEvent {
    var telling: Telling? {
        switch self {
        case .started, .sent, .answering, .finished, .handedOver: nil
        case .cancelled(let id, let method, let path, let cause):
            Telling(.loss, "\(Lane.label(id, method ?? "", path ?? "")) given up: \(cause ?? "")")
        }
    }
}

extension WebSocketEvent {
    var telling: Telling? {
        switch self {
        case .opened, .told, .echoed: nil
        case .closed(let closed) where closed.end == .open:
            Telling(.quiet, "websocket \(closed.id) still open when the run ended")
        case .closed(let closed): Telling(.loss, "websocket \(closed.id) cut without a Close")
        }
    }
}

extension JobEvent {
    var telling: Telling? {
        switch step {
        case .queued, .fetched, .finished: nil
        case .returned: Telling(.normal, "job \(id) handed back to the queue")
        case .abandoned: Telling(.loss, "job \(id) abandoned")
        }
    }
}

extension LedgerEvent {
    var telling: Telling? {
        switch self {
        case .began, .committed: nil
        case .rolledBack(let id, _, let cause): Telling(.risk, "transaction \(id ?? 0) rolled back: \(cause ?? "")")
        case .refused: Telling(.loss, "the ledger was used after it began to close")
        case .checkpointed: Telling(.quiet, "write-ahead log moved into the database")
        case .closed(let open): Telling(.normal, "ledger closed, \(open ?? 0) transactions open")
        }
    }
}

extension PaymentEvent {
    var telling: Telling? {
        switch step {
        case .intended, .settled, .charged: nil
        case .retried(_, let attempt): Telling(.risk, "order \(order) tried again, attempt \(attempt ?? 0)")
        case .replayed: Telling(.normal, "order \(order): known key, first answer again")
        }
    }
}

extension LogFileEvent {
    var telling: Telling? {
        switch self {
        case .written: nil
        case .flushed(let lines, _): Telling(.normal, "log flushed, \(counted(lines ?? 0, "line"))")
        case .line(let text, _, _): Telling(.quiet, text)
        }
    }
}

extension RemainsEvent {
    var telling: Telling? {
        switch self {
        case .portProbed(let port, let answer):
            Telling(.normal, "port \(port ?? 0) \(answer == .refused ? "is free" : answer?.rawValue ?? "")")
        case .fileLeft(let file, _): Telling(.loss, "left behind: \(file)")
        case .paymentAudited(let payment):
            Telling(
                .loss,
                "order \(payment.order): client: \(payment.told.words), ledger: \(counted(payment.rows, "row"))")
        case .ledgerAudited(let audit): Telling(.normal, "ledger holds \(counted(audit.charged, "payment"))")
        case .ledgerUnreadable(let cause): Telling(.risk, "the ledger could not be read: \(cause)")
        case .logAudited(_, let lost):
            (lost ?? 0) == 0 ? nil : Telling(.loss, "\(counted(lost ?? 0, "log line")) never reached the file")
        }
    }
}

extension ObservationEvent {
    var telling: Telling? {
        switch self {
        case .listenerSeen(let port): Telling(.normal, "listens on port \(port ?? 0)")
        case .listenerGone(let port): Telling(.normal, "nobody listens on port \(port ?? 0) any more")
        case .memberSeen, .memberGone, .socketsSeen, .blockerSeen, .blockerGone, .processorAwaited: nil
        }
    }
}

extension TraceEvent {
    var telling: Telling? {
        switch self {
        case .dropped(let count):
            Telling(.risk, "\(counted(count ?? 0, "event")) dropped by the server: nobody read fast enough")
        case .gap(let source, let count):
            Telling(.risk, "\(counted(count ?? 0, "event")) of the \(source?.rawValue ?? "") missing")
        case .faultReported(let text): Telling(.risk, text)
        }
    }
}
