/// What a kind of event is about: the family of events that it belongs to.
enum EventSubject {
    case run, process, signal, shutdown, balancer, resource, connection, request, webSocket, job, ledger, payment, log,
        deploy, gate, remains, observation, trace
}

extension EventKind {
    /// Nil for a kind that this version does not know.
    var subject: EventSubject? {
        switch self {
        case .runBegan, .runEnded: .run
        case .processSpawned, .processServing, .processStopped, .processContinued, .processExited, .processLeftBehind,
            .outputPrinted:
            .process
        case .signalsArmed, .signalsSeen, .signalSent, .signalReceived, .signalsRestored: .signal
        case .shutdownBegan, .shutdownForced, .shutdownEnded, .leadEnded, .drainBegan, .drainDeadlinePassed,
            .drainEnded, .graceChanged, .graceExpired:
            .shutdown
        case .readinessRaised, .readinessLowered, .probePassed, .probeFailed, .rotationEntered, .rotationLeft,
            .requestDiverted, .balancerChanged:
            .balancer
        case .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed: .resource
        case .listenerOpened, .listenerDrained, .listenerClosed, .connectionOpened, .connectionClosed, .workSkipped:
            .connection
        case .requestStarted, .requestSent, .requestAnswering, .requestFinished, .requestCancelled: .request
        case .websocketOpened, .websocketTold, .websocketEchoed, .websocketClosed: .webSocket
        case .jobQueued, .jobFetched, .jobFinished, .jobReturned, .jobAbandoned: .job
        case .transactionBegan, .transactionCommitted, .transactionRolledBack, .ledgerRefused, .ledgerCheckpointed,
            .ledgerClosed:
            .ledger
        case .paymentIntended, .paymentRetried, .paymentSettled, .paymentCharged, .paymentReplayed: .payment
        case .logWritten, .logFlushed, .logLine: .log
        case .deployBegan, .deployEnded, .instanceSpawned, .instanceServing, .instanceExited: .deploy
        case .serverTold, .gateHeld, .gateReleased: .gate
        case .portProbed, .fileLeft, .paymentAudited, .ledgerAudited, .logAudited: .remains
        case .memberSeen, .memberGone, .listenerSeen, .listenerGone, .socketsSeen, .blockerSeen, .blockerGone,
            .processorAwaited:
            .observation
        case .traceDropped, .traceGap, .faultReported: .trace
        case .unknown: nil
        }
    }
}
