/// What an event says, with a type for every value: the one contract between what tells and what reads.
///
/// An event keeps the fields of its line, so that nothing unknown is lost; a payload is read from them and written to
/// them. The names on the wire stand in the files of this folder and nowhere else, each event's reader beside its
/// writer. `TraceFormat.md` documents them. A value that a trace may lack is optional.
public enum Payload: Hashable, Sendable {
    case run(RunEvent)
    case process(ProcessEvent)
    case signal(SignalEvent)
    case shutdown(ShutdownEvent)
    case balancer(BalancerEvent)
    case resource(ResourceEvent)
    case connection(ConnectionEvent)
    case request(RequestEvent)
    case webSocket(WebSocketEvent)
    case job(JobEvent)
    case ledger(LedgerEvent)
    case payment(PaymentEvent)
    case log(LogFileEvent)
    case deploy(DeployEvent)
    case gate(GateEvent)
    case remains(RemainsEvent)
    case observation(ObservationEvent)
    case trace(TraceEvent)
    /// A kind of event that this version does not know; ``Event/name`` and ``Event/fields`` have what it says.
    case unknown

    /// A value without which an event of its kind means nothing.
    public struct Missing: Error, Hashable, Sendable, CustomStringConvertible {
        /// The field's name on the wire.
        public let field: String

        /// A few words: "no id".
        public var description: String { "no \(field)" }
    }
}

/// The events of one subject.
protocol EventFamily: Hashable, Sendable {
    /// How it is written.
    var wire: WireEvent { get }

    /// Reads what ``wire`` wrote; nil for a kind that belongs to another subject.
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing)
}

/// The kind and the fields of an event.
struct WireEvent {
    var kind: EventKind
    var fields: Fields

    /// Leaves out the values that are nil.
    init(_ kind: EventKind, _ fields: KeyValuePairs<Fields.Key, Fields.Value?> = [:]) {
        self.kind = kind
        self.fields = Fields(fields.compactMap { key, value in value.map { Fields.Entry(key, $0) } })
    }

    init(_ kind: EventKind, _ fields: Fields) {
        self.kind = kind
        self.fields = fields
    }
}

extension Payload {
    /// Reads what an event says.
    ///
    /// - Throws: ``Missing``, when it lacks a value without which it means nothing.
    public init(_ event: Event) throws(Missing) {
        self = try Self.read(event) ?? .unknown
    }

    private static func read(_ event: Event) throws(Missing) -> Payload? {
        switch event.kind {
        case .runBegan, .runEnded: try RunEvent(event).map(Payload.run)
        case .processSpawned, .processServing, .processStopped, .processContinued, .processExited, .processLeftBehind,
            .outputPrinted:
            try ProcessEvent(event).map(Payload.process)
        case .signalsArmed, .signalsSeen, .signalSent, .signalReceived, .signalsRestored:
            try SignalEvent(event).map(Payload.signal)
        case .shutdownBegan, .shutdownForced, .shutdownEnded, .leadEnded, .drainBegan, .drainDeadlinePassed,
            .drainEnded, .graceChanged, .graceExpired:
            try ShutdownEvent(event).map(Payload.shutdown)
        case .readinessRaised, .readinessLowered, .probePassed, .probeFailed, .rotationEntered, .rotationLeft,
            .requestDiverted, .balancerChanged:
            try BalancerEvent(event).map(Payload.balancer)
        case .resourceAcquired, .resourceQuiesced, .resourceReleasing, .resourceReleased, .resourceFailed:
            try ResourceEvent(event).map(Payload.resource)
        case .listenerOpened, .listenerDrained, .listenerClosed, .connectionOpened, .connectionClosed, .workSkipped:
            try ConnectionEvent(event).map(Payload.connection)
        case .requestStarted, .requestSent, .requestAnswering, .requestFinished, .requestCancelled:
            try RequestEvent(event).map(Payload.request)
        case .websocketOpened, .websocketTold, .websocketEchoed, .websocketClosed:
            try WebSocketEvent(event).map(Payload.webSocket)
        case .jobQueued, .jobFetched, .jobFinished, .jobReturned, .jobAbandoned: try JobEvent(event).map(Payload.job)
        case .transactionBegan, .transactionCommitted, .transactionRolledBack, .ledgerRefused, .ledgerCheckpointed,
            .ledgerClosed:
            try LedgerEvent(event).map(Payload.ledger)
        case .paymentIntended, .paymentRetried, .paymentSettled, .paymentCharged, .paymentReplayed:
            try PaymentEvent(event).map(Payload.payment)
        case .logWritten, .logFlushed, .logLine: try LogFileEvent(event).map(Payload.log)
        case .deployBegan, .deployEnded, .instanceSpawned, .instanceServing, .instanceExited:
            try DeployEvent(event).map(Payload.deploy)
        case .serverTold, .gateHeld, .gateReleased: try GateEvent(event).map(Payload.gate)
        case .portProbed, .fileLeft, .paymentAudited, .ledgerAudited, .logAudited:
            try RemainsEvent(event).map(Payload.remains)
        case .memberSeen, .memberGone, .listenerSeen, .listenerGone, .socketsSeen, .blockerSeen, .blockerGone,
            .processorAwaited:
            try ObservationEvent(event).map(Payload.observation)
        case .traceDropped, .traceGap, .faultReported: try TraceEvent(event).map(Payload.trace)
        case .unknown: nil
        }
    }

    private var family: (any EventFamily)? {
        switch self {
        case .run(let event): event
        case .process(let event): event
        case .signal(let event): event
        case .shutdown(let event): event
        case .balancer(let event): event
        case .resource(let event): event
        case .connection(let event): event
        case .request(let event): event
        case .webSocket(let event): event
        case .job(let event): event
        case .ledger(let event): event
        case .payment(let event): event
        case .log(let event): event
        case .deploy(let event): event
        case .gate(let event): event
        case .remains(let event): event
        case .observation(let event): event
        case .trace(let event): event
        case .unknown: nil
        }
    }

    var wire: WireEvent { family?.wire ?? WireEvent(.unknown) }
}

extension EventFamily {
    fileprivate init?(_ event: Event) throws(Payload.Missing) {
        try self.init(event.kind, event.fields, from: event.source)
    }
}

extension Event {
    /// An event that says this.
    ///
    /// - Parameters:
    ///   - payload: What it says.
    ///   - source: Who saw it.
    ///   - time: When it happened, since the start of the run.
    ///   - sequence: Counts the events of the source from 1; 0 where nobody counts.
    ///   - instance: The instance that the event is about; nil for the server that is judged.
    public init(_ payload: Payload, from source: Source, at time: Time, sequence: Int = 0, instance: Int? = nil) {
        let wire = payload.wire
        self.init(wire.kind, from: source, at: time, sequence: sequence, wire.fields)
        if let instance { fields[.instance] = .number(instance) }
    }

    /// What the event says; throws ``Payload/Missing`` when it lacks a value without which it means nothing.
    public var payload: Payload {
        get throws(Payload.Missing) { try Payload(self) }
    }

    /// The instance that it is about: 1, the server that is judged, where it names none.
    public var instance: Int { namedInstance ?? 1 }

    /// The instance that it names; nil where it names none.
    public var namedInstance: Int? {
        get { fields.int(.instance) }
        set { fields[.instance] = newValue.map { .number($0) } }
    }

    /// Whether a reader inferred it instead of being told.
    public var isInferred: Bool {
        get { fields.bool(.inferred) ?? false }
        set { fields[.inferred] = newValue ? true : nil }
    }
}
