/// What happened: a noun and a verb in the past tense.
///
/// The fields that belong to each are listed in `TraceFormat.md`, which a test holds complete. A name that is not
/// here is kept as ``unknown`` with its text, and passed on.
public enum EventKind: String, Hashable, Sendable, CaseIterable {
    // The process
    case runBegan = "run.began"
    case processSpawned = "process.spawned"
    case processServing = "process.serving"
    case processStopped = "process.stopped"
    case processContinued = "process.continued"
    case processExited = "process.exited"
    case processLeftBehind = "process.leftBehind"
    case outputPrinted = "output.printed"
    case runEnded = "run.ended"

    // Signals
    case signalsArmed = "signals.armed"
    case signalsSeen = "signals.seen"
    case signalSent = "signal.sent"
    case signalReceived = "signal.received"
    case signalsRestored = "signals.restored"

    // The shutdown as a whole
    case shutdownBegan = "shutdown.began"
    case shutdownForced = "shutdown.forced"
    case shutdownEnded = "shutdown.ended"
    case leadEnded = "lead.ended"
    case drainBegan = "drain.began"
    case drainDeadlinePassed = "drain.deadlinePassed"
    case drainEnded = "drain.ended"
    case graceChanged = "grace.changed"
    case graceExpired = "grace.expired"

    // Readiness and the balancer
    case readinessRaised = "readiness.raised"
    case readinessLowered = "readiness.lowered"
    case probePassed = "probe.passed"
    case probeFailed = "probe.failed"
    case rotationEntered = "rotation.entered"
    case rotationLeft = "rotation.left"
    case requestDiverted = "request.diverted"

    // Resources, from the outermost to the log
    case resourceAcquired = "resource.acquired"
    case resourceQuiesced = "resource.quiesced"
    case resourceReleasing = "resource.releasing"
    case resourceReleased = "resource.released"
    case resourceFailed = "resource.failed"

    // Listener and connections
    case listenerOpened = "listener.opened"
    case listenerDrained = "listener.drained"
    case listenerClosed = "listener.closed"
    case connectionOpened = "connection.opened"
    case connectionClosed = "connection.closed"
    case workSkipped = "work.skipped"

    // Requests
    case requestStarted = "request.started"
    case requestSent = "request.sent"
    case requestAnswering = "request.answering"
    case requestFinished = "request.finished"
    case requestCancelled = "request.cancelled"

    // WebSockets
    case websocketOpened = "websocket.opened"
    case websocketTold = "websocket.told"
    case websocketEchoed = "websocket.echoed"
    case websocketClosed = "websocket.closed"

    // Background jobs
    case jobQueued = "job.queued"
    case jobFetched = "job.fetched"
    case jobFinished = "job.finished"
    case jobReturned = "job.returned"
    case jobAbandoned = "job.abandoned"

    // The ledger
    case transactionBegan = "transaction.began"
    case transactionCommitted = "transaction.committed"
    case transactionRolledBack = "transaction.rolledBack"
    case ledgerRefused = "ledger.refused"
    case ledgerCheckpointed = "ledger.checkpointed"
    case ledgerClosed = "ledger.closed"

    // Payments: what the client believes, and what the ledger holds
    case paymentIntended = "payment.intended"
    case paymentRetried = "payment.retried"
    case paymentSettled = "payment.settled"
    case paymentCharged = "payment.charged"
    case paymentReplayed = "payment.replayed"
    case paymentAudited = "payment.audited"

    // The log
    case logWritten = "log.written"
    case logFlushed = "log.flushed"
    case logLine = "log.line"

    // A second instance, and the balancer between both and their clients
    case deployBegan = "deploy.began"
    case deployEnded = "deploy.ended"
    case instanceSpawned = "instance.spawned"
    case instanceServing = "instance.serving"
    case instanceExited = "instance.exited"
    case balancerChanged = "balancer.changed"

    // A person who steps through the shutdown
    case serverTold = "server.told"
    case gateHeld = "gate.held"
    case gateReleased = "gate.released"

    // After the exit
    case portProbed = "port.probed"
    case fileLeft = "file.left"
    case ledgerAudited = "ledger.audited"
    case logAudited = "log.audited"

    // What the kernel shows of any server, without its help
    case memberSeen = "member.seen"
    case memberGone = "member.gone"
    case listenerSeen = "listener.seen"
    case listenerGone = "listener.gone"
    case socketsSeen = "sockets.seen"
    case blockerSeen = "blocker.seen"
    case blockerGone = "blocker.gone"
    case processorAwaited = "processor.awaited"

    // The observer itself
    case traceDropped = "trace.dropped"
    case traceGap = "trace.gap"
    case faultReported = "fault.reported"

    /// A name from a newer writer or another program; ``Event/name`` has it.
    case unknown = "?"

    /// Finds a kind by its name in constant time.
    public init(name: String) {
        self = Self.lexicon[name] ?? .unknown
    }

    static let lexicon = Lexicon(allCases.map { ($0.rawValue, $0) })
}
