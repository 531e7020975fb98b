import Glibc
import NIOCore
import NIOPosix
package import ShutdownTrace

/// How one exchange over a real socket ended.
package struct Outcome: Hashable, Sendable {
    package var fate: Fate
    package var status: Int?
    var bytes = 0
    /// A hash of the body: equal bodies have equal ones within a run.
    var digest: Int?
    /// Whether the server announced `Connection: close`, or HTTP/1.0 implies it.
    var isClosing = false
    /// The instance that answered, from `X-Instance`.
    var instance: Int?
    /// What the server is made with, from `Server` or `X-Powered-By`.
    package var product: String?
    var cause: String?
    var fault: AnswerFault?
    /// The request was sent twice, because the first connection ended before a byte of the answer came.
    var isSecondAttempt = false

    init(status: Int, bytes: Int, isClosing: Bool) {
        fate = status == 503 ? .unavailable : status >= 500 ? .failed : .answered
        if fate == .failed { fault = .serverError }
        self.status = status
        self.bytes = bytes
        self.isClosing = isClosing
    }

    /// An exchange that never got a connection.
    ///
    /// A lack of descriptors or local ports on our side ends the run: see ``TrafficGenerator/shortageOnceMet()``.
    init(connecting error: any Error) {
        // The connection ended before anything could be sent.
        if case ChannelError.ioOnClosedChannel = error {
            fate = .resetEarly
            return
        }
        switch Self.errno(of: error) {
        case ECONNREFUSED: fate = .refused
        case ECONNRESET, ECONNABORTED, EPIPE: fate = .resetEarly
        default: fate = .connectTimedOut
        }
    }

    init(_ fate: Fate) {
        self.fate = fate
    }

    /// Compares a whole answer with what was expected.
    ///
    /// A 503 stays `unavailable` unless it was expected: the server refused the request.
    mutating func judge(_ expectation: Expected, isFound: Bool) {
        switch expectation {
        case .status(let wanted):
            if status == wanted { return fate = fate == .unmarked ? .unmarked : .answered }
        case .text:
            // A body without a marked end is whole when it has the expected text.
            if isFound { return fate = fate == .unmarked ? .answered : fate }
        }
        guard fate.isWhole, fate != .unavailable else { return }
        fate = .failed
        cause = expectation.words
        fault = .unexpected
    }

    var isConnectionKept: Bool { fate.isWhole && !isClosing }

    /// How the connection ended with the exchange; nil when it was kept.
    var connectionEnd: ConnectionEnd? {
        if !fate.isWhole { return fate == .closedUnanswered ? .fin : .reset }
        return isClosing ? .fin : nil
    }

    /// What this machine lacked for a connection, as a sentence's part; nil where the other side is the cause.
    static func shortage(_ error: any Error) -> String? {
        let code = errno(of: error)
        guard [EMFILE, ENFILE, EADDRNOTAVAIL, ENOBUFS, ENOMEM].contains(code) else { return nil }
        return String(cString: strerror(code))
    }

    /// The errno behind a NIO error, 0 for none.
    static func errno(of error: any Error) -> Int32 {
        switch error {
        case let error as IOError: error.errnoCode
        case let error as NIOConnectionError: error.connectionErrors.first.map { Self.errno(of: $0.error) } ?? 0
        default: 0
        }
    }
}

extension Request {
    /// Whether a client may send it again by itself, not knowing what became of it (RFC 9110, section 9.2.2).
    var mayBeRepeated: Bool {
        ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method)
            || headers.contains { $0.name == "Idempotency-Key" }
    }
}

extension Fate {
    /// Whether the connection ended without a byte of the answer.
    var isUnanswered: Bool { [.resetEarly, .closedUnanswered, .resetUnanswered, .brokenPipe].contains(self) }
}
