/// What became of one request, as its client saw it on a real socket.
///
/// The cases are never folded together: "refused" may be retried without a second thought, "cut" may not.
public enum Fate: String, Hashable, Sendable, CaseIterable, Codable {
    /// The whole answer arrived, with any status but a 5xx.
    case answered
    /// A whole 503: the server said that it takes no more work.
    case unavailable
    /// A whole answer with a 5xx status other than 503.
    case failed
    /// The connection was refused (ECONNREFUSED): no listener.
    case refused
    /// The connection was reset before a byte of the request was sent, while connecting or idle.
    case resetEarly
    /// The connection was neither accepted nor refused in time.
    case connectTimedOut
    /// The request was sent; the server closed (FIN) without a byte of answer.
    case closedUnanswered
    /// The request was sent; the server reset (RST) without a byte of answer.
    case resetUnanswered
    /// Part of the answer arrived, then the connection ended.
    case cut
    /// The client stopped waiting for an answer.
    case timedOut
    /// The connection broke while the request was being sent (EPIPE or ECONNRESET on write).
    case brokenPipe

    /// Its place among all, in the order of the list above.
    ///
    /// Fates are counted in dictionaries, and a number costs less to hash than a name.
    private var place: Int {
        switch self {
        case .answered: 0
        case .unavailable: 1
        case .failed: 2
        case .refused: 3
        case .resetEarly: 4
        case .connectTimedOut: 5
        case .closedUnanswered: 6
        case .resetUnanswered: 7
        case .cut: 8
        case .timedOut: 9
        case .brokenPipe: 10
        }
    }

    public static func == (left: Self, right: Self) -> Bool { left.place == right.place }

    public func hash(into hasher: inout Hasher) { hasher.combine(place) }

    /// Whether the client knows for certain that the server did not act on the request.
    ///
    /// A client that gets one of these may send the request again. 503 counts: the server said so itself.
    public var isSafeToRetry: Bool {
        switch self {
        case .refused, .resetEarly, .connectTimedOut, .unavailable: true
        case .answered, .failed, .closedUnanswered, .resetUnanswered, .cut, .timedOut, .brokenPipe: false
        }
    }

    /// Whether the client got a complete answer, whatever it said.
    public var isWhole: Bool {
        switch self {
        case .answered, .unavailable, .failed: true
        case .refused, .resetEarly, .connectTimedOut, .closedUnanswered, .resetUnanswered, .cut, .timedOut, .brokenPipe:
            false
        }
    }

    /// Whether work that had reached the server was lost to the client: sent, and never answered whole.
    public var isLoss: Bool {
        switch self {
        case .closedUnanswered, .resetUnanswered, .cut, .timedOut, .brokenPipe: true
        case .answered, .unavailable, .failed, .refused, .resetEarly, .connectTimedOut: false
        }
    }

    /// The words that the screen prints.
    public var words: String {
        switch self {
        case .answered: "answered"
        case .unavailable: "503"
        case .failed: "5xx"
        case .refused: "refused"
        case .resetEarly: "reset early"
        case .connectTimedOut: "no connect"
        case .closedUnanswered: "no answer"
        case .resetUnanswered: "reset"
        case .cut: "cut"
        case .timedOut: "timed out"
        case .brokenPipe: "pipe broke"
        }
    }
}
