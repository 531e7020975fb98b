/// A WebSocket, as its client or the server tells of it.
public enum WebSocketEvent: Hashable, Sendable {
    /// `port` is the client's own, where it tells it.
    case opened(id: Int, port: Int? = nil)
    /// The server sent a Close frame with this code (RFC 6455, section 7.4).
    case told(id: Int, code: Int?)
    /// The peer's Close frame came back.
    case echoed(id: Int)
    case closed(ClosedWebSocket)

    /// A WebSocket that ended.
    public struct ClosedWebSocket: Hashable, Sendable {
        public var id: Int
        public var code: Int?
        /// Whether a Close frame came from the other side.
        public var isClean: Bool
        public var end: WebSocketEnd?

        public init(id: Int, code: Int?, isClean: Bool, end: WebSocketEnd?) {
            self.id = id
            self.code = code
            self.isClean = isClean
            self.end = end
        }
    }
}

extension WebSocketEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        let id = try fields.needInt(.id)
        switch kind {
        case .websocketOpened: self = .opened(id: id, port: fields.int(.port))
        case .websocketTold: self = .told(id: id, code: fields.int(.code))
        case .websocketEchoed: self = .echoed(id: id)
        case .websocketClosed:
            self = .closed(
                ClosedWebSocket(
                    id: id, code: fields.int(.code), isClean: fields.bool(.clean) ?? false, end: fields.word(.how)))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .opened(let id, let port): WireEvent(.websocketOpened, [.id: .number(id), .port: .number(port)])
        case .told(let id, let code): WireEvent(.websocketTold, [.id: .number(id), .code: .number(code)])
        case .echoed(let id): WireEvent(.websocketEchoed, [.id: .number(id)])
        case .closed(let closed):
            WireEvent(
                .websocketClosed,
                [
                    .id: .number(closed.id), .code: .number(closed.code), .clean: .flag(closed.isClean),
                    .how: .word(closed.end),
                ])
        }
    }
}
