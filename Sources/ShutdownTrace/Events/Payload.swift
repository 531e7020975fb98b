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
        switch event.kind.subject {
        case .run: try RunEvent(event).map(Payload.run)
        case .process: try ProcessEvent(event).map(Payload.process)
        case .signal: try SignalEvent(event).map(Payload.signal)
        case .shutdown: try ShutdownEvent(event).map(Payload.shutdown)
        case .balancer: try BalancerEvent(event).map(Payload.balancer)
        case .resource: try ResourceEvent(event).map(Payload.resource)
        case .connection: try ConnectionEvent(event).map(Payload.connection)
        case .request: try RequestEvent(event).map(Payload.request)
        case .webSocket: try WebSocketEvent(event).map(Payload.webSocket)
        case .job: try JobEvent(event).map(Payload.job)
        case .ledger: try LedgerEvent(event).map(Payload.ledger)
        case .payment: try PaymentEvent(event).map(Payload.payment)
        case .log: try LogFileEvent(event).map(Payload.log)
        case .deploy: try DeployEvent(event).map(Payload.deploy)
        case .gate: try GateEvent(event).map(Payload.gate)
        case .remains: try RemainsEvent(event).map(Payload.remains)
        case .observation: try ObservationEvent(event).map(Payload.observation)
        case .trace: try TraceEvent(event).map(Payload.trace)
        case nil: nil
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
