/// The listener, and connections that carry more than one request, or none.
public enum ConnectionEvent: Hashable, Sendable {
    case listenerOpened(port: Int?)
    /// So many connections waited in the accept queue and were still taken.
    case listenerDrained(count: Int)
    case listenerClosed
    case opened(id: Int?, kind: ClientKind?, port: Int? = nil)
    case closed(ClosedConnection)
    /// The server showed before the first signal that it does not take this kind of work, so no more of it is sent.
    case workSkipped(SkippedWork, cause: String)

    /// A connection that ended, as a client or the server tells it; or several that the server closed at once.
    public struct ClosedConnection: Hashable, Sendable {
        public var id: Int?
        public var kind: ClientKind?
        public var end: ConnectionEnd?
        /// The status of an answer to a request that the client never sent whole.
        public var status: Int?
        /// How long it was open.
        public var took: Time?
        /// How many idle connections the server closed.
        public var count: Int?

        public init(
            id: Int? = nil, kind: ClientKind? = nil, end: ConnectionEnd?, status: Int? = nil, took: Time? = nil,
            count: Int? = nil
        ) {
            self.id = id
            self.kind = kind
            self.end = end
            self.status = status
            self.took = took
            self.count = count
        }
    }
}

/// Work that a server is not given.
public enum SkippedWork: Hashable, Sendable, RawRepresentable {
    /// The bodies of answers after the signal cannot be held against those before it.
    case bodies
    /// No more clients of this kind.
    case clients(ClientKind)
    /// A kind of client or of work that this version does not know.
    case other(String)

    public init(rawValue: String) {
        let kind = ClientKind(rawValue: rawValue).map(Self.clients)
        self = kind ?? (rawValue == Self.bodies.rawValue ? .bodies : .other(rawValue))
    }

    public var rawValue: String {
        switch self {
        case .bodies: "bodies"
        case .clients(let kind): kind.rawValue
        case .other(let name): name
        }
    }
}

extension ConnectionEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .listenerOpened: self = .listenerOpened(port: fields.int(.port))
        case .listenerDrained: self = .listenerDrained(count: fields.count(.count) ?? 0)
        case .listenerClosed: self = .listenerClosed
        case .connectionOpened:
            self = .opened(id: fields.int(.id), kind: fields.word(.kind), port: fields.int(.port))
        case .connectionClosed:
            self = .closed(
                ClosedConnection(
                    id: fields.int(.id), kind: fields.word(.kind), end: fields.word(.how), status: fields.int(.status),
                    took: fields.time(.took), count: fields.count(.count)))
        case .workSkipped: self = .workSkipped(fields.word(.kind) ?? .other(""), cause: fields.string(.cause) ?? "")
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .listenerOpened(let port): WireEvent(.listenerOpened, [.port: .number(port)])
        case .listenerDrained(let count): WireEvent(.listenerDrained, [.count: .number(count)])
        case .listenerClosed: WireEvent(.listenerClosed)
        case .opened(let id, let kind, let port):
            WireEvent(.connectionOpened, [.id: .number(id), .kind: .word(kind), .port: .number(port)])
        case .closed(let closed):
            WireEvent(
                .connectionClosed,
                [
                    .id: .number(closed.id), .kind: .word(closed.kind), .count: .number(closed.count),
                    .how: .word(closed.end), .status: .number(closed.status), .took: .span(closed.took),
                ])
        case .workSkipped(let work, let cause):
            WireEvent(.workSkipped, [.kind: .word(work), .cause: .text(cause)])
        }
    }
}
