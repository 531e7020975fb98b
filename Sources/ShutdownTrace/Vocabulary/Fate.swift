/// What became of one request, as its client saw it on a real socket.
///
/// The cases are never folded together: "refused" may be retried without a second thought, "cut" may not.
public enum Fate: String, Hashable, Sendable, CaseIterable, Codable {
    /// The whole answer arrived, with any status but a 5xx, and nothing is known that speaks against it.
    case answered
    /// An answer that only a FIN ends, without a length or chunks (RFC 9112, section 8): no client can know whether it
    /// was whole, and none may call it cut.
    case unmarked
    /// A whole 503: the server said that it takes no more work.
    case unavailable
    /// A whole answer that is of no use: a 5xx status other than 503, not what was expected, or after the signal none
    /// like those before it.
    case failed
    /// The connection was refused (ECONNREFUSED): no listener.
    case refused
    /// The connection was reset before a byte of the request was sent, while connecting or idle.
    case resetEarly
    /// The connection was neither accepted nor refused in time.
    case connectTimedOut
    /// It was pipelined behind an answer that announced `Connection: close`, and so was not processed (RFC 9112,
    /// section 9.6).
    case notTaken
    /// The request was sent; the server closed (FIN) without a byte of answer.
    case closedUnanswered
    /// The request was sent; the server reset (RST) without a byte of answer.
    case resetUnanswered
    /// Part of the answer arrived, then the connection ended.
    case cut
    /// What came is no HTTP/1 answer; the client closed the connection.
    case garbled
    /// The client stopped waiting for an answer.
    case timedOut
    /// The connection broke while the request was being sent (EPIPE or ECONNRESET on write).
    case brokenPipe

    /// How far a request came.
    private enum Reach {
        case unsent, lost, whole
    }

    private var reach: Reach {
        switch self {
        case .refused, .resetEarly, .connectTimedOut, .notTaken: .unsent
        case .closedUnanswered, .resetUnanswered, .cut, .garbled, .timedOut, .brokenPipe: .lost
        case .answered, .unmarked, .unavailable, .failed: .whole
        }
    }

    /// Whether the server never had the request.
    public var isUnsent: Bool { reach == .unsent }

    /// Whether work that had reached the server was lost to the client: sent, and never answered whole.
    public var isLoss: Bool { reach == .lost }

    /// Whether the client got a complete answer, whatever it said, as far as it can know.
    public var isWhole: Bool { reach == .whole }

    /// Whether the client knows for certain that the server did not act on the request.
    ///
    /// A client that gets one of these may send the request again. 503 counts: the server said so itself.
    public var isSafeToRetry: Bool { isUnsent || self == .unavailable }

    /// The words that the screen prints.
    public var words: String {
        switch self {
        case .answered: "answered"
        case .unmarked: "unmarked"
        case .unavailable: "503"
        case .failed: "bad answer"
        case .refused: "refused"
        case .resetEarly: "reset early"
        case .connectTimedOut: "no connect"
        case .notTaken: "not taken"
        case .closedUnanswered: "no answer"
        case .resetUnanswered: "reset"
        case .cut: "cut"
        case .garbled: "no HTTP"
        case .timedOut: "timed out"
        case .brokenPipe: "pipe broke"
        }
    }
}
