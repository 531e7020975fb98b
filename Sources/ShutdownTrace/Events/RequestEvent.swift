/// A request, as its client or the server tells of it.
///
/// Both use the same `id`.
public enum RequestEvent: Hashable, Sendable {
    case started(StartedRequest)
    /// The connection that a request is on, of a server that tells nothing; `port` is the client's own.
    case sent(id: Int, port: Int?)
    /// The head of the answer came.
    case answering(id: Int, status: Int?)
    /// A client tells how its request ended.
    case finished(FinishedRequest)
    /// The server tells that it handed the last byte of an answer to the kernel.
    case handedOver(id: Int, status: Int?, took: Time?)
    /// The server gave the request up.
    case cancelled(id: Int, method: String?, path: String?, cause: String?)

    /// A request that begins.
    public struct StartedRequest: Hashable, Sendable {
        public var id: Int
        public var method: String
        public var path: String
        public var kind: ClientKind?
        /// How long the server was asked to take.
        public var expected: Time?
        /// The order that a payment pays for.
        public var order: Int?
        /// The client's port, where it is known from the beginning.
        public var port: Int?

        public init(
            id: Int, method: String, path: String, kind: ClientKind? = nil, expected: Time? = nil, order: Int? = nil,
            port: Int? = nil
        ) {
            self.id = id
            self.method = method
            self.path = path
            self.kind = kind
            self.expected = expected
            self.order = order
            self.port = port
        }
    }

    /// A request that ended.
    public struct FinishedRequest: Hashable, Sendable {
        public var id: Int
        public var fate: Fate
        public var status: Int?
        public var took: Time?
        /// The length of the answer's body in bytes.
        public var bytes: Int?
        /// Whether the answer carried `Connection: close`.
        public var isClosing: Bool
        /// What was wrong with a whole answer, in words.
        public var cause: String?
        /// What was wrong with a whole answer.
        public var fault: AnswerFault?
        /// 2 where a client sent it again by itself, because the connection turned out to be closed.
        public var attempt: Int?

        public init(
            id: Int, fate: Fate, status: Int? = nil, took: Time? = nil, bytes: Int? = nil, isClosing: Bool = false,
            cause: String? = nil, fault: AnswerFault? = nil, attempt: Int? = nil
        ) {
            self.id = id
            self.fate = fate
            self.status = status
            self.took = took
            self.bytes = bytes
            self.isClosing = isClosing
            self.cause = cause
            self.fault = fault
            self.attempt = attempt
        }
    }
}

extension RequestEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        let id = try fields.needInt(.id)
        switch (kind, source) {
        case (.requestStarted, _): self = .started(StartedRequest(id, fields))
        case (.requestSent, _): self = .sent(id: id, port: fields.int(.port))
        case (.requestAnswering, _): self = .answering(id: id, status: fields.int(.status))
        case (.requestFinished, .server):
            self = .handedOver(id: id, status: fields.int(.status), took: fields.time(.took))
        case (.requestFinished, _): self = .finished(try FinishedRequest(id, fields))
        case (.requestCancelled, _):
            self = .cancelled(
                id: id, method: fields.string(.method), path: fields.string(.path), cause: fields.string(.cause))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .started(let request): request.wire
        case .sent(let id, let port): WireEvent(.requestSent, [.id: .number(id), .port: .number(port)])
        case .answering(let id, let status):
            WireEvent(.requestAnswering, [.id: .number(id), .status: .number(status)])
        case .finished(let request): request.wire
        case .handedOver(let id, let status, let took):
            WireEvent(.requestFinished, [.id: .number(id), .status: .number(status), .took: .span(took)])
        case .cancelled(let id, let method, let path, let cause):
            WireEvent(
                .requestCancelled,
                [.id: .number(id), .method: .text(method), .path: .text(path), .cause: .text(cause)])
        }
    }
}

extension RequestEvent.StartedRequest {
    fileprivate init(_ id: Int, _ fields: Fields) {
        self.init(
            id: id, method: fields.string(.method) ?? "", path: fields.string(.path) ?? "", kind: fields.word(.kind),
            expected: fields.time(.expected), order: fields.int(.order), port: fields.int(.port))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .requestStarted,
            [
                .id: .number(id), .method: .text(method), .path: .text(path), .kind: .word(kind),
                .expected: .span(expected), .order: .number(order), .port: .number(port),
            ])
    }
}

extension RequestEvent.FinishedRequest {
    fileprivate init(_ id: Int, _ fields: Fields) throws(Payload.Missing) {
        self.init(
            id: id, fate: try fields.need(.fate, fields.word(.fate)), status: fields.int(.status),
            took: fields.time(.took), bytes: fields.int(.bytes), isClosing: fields.bool(.closing) ?? false,
            cause: fields.string(.cause), fault: fields.word(.fault), attempt: fields.int(.attempt))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .requestFinished,
            [
                .id: .number(id), .fate: .word(fate), .status: .number(status), .took: .span(took),
                .bytes: .number(bytes), .closing: isClosing ? true : nil, .cause: .text(cause), .fault: .word(fault),
                .attempt: .number(attempt),
            ])
    }
}
