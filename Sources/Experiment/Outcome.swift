import Glibc
import NIOCore
import NIOPosix
import ShutdownTrace

/// How one exchange over a real socket ended.
struct Outcome: Hashable, Sendable {
    var fate: Fate
    var status: Int?
    /// Of the body.
    var bytes = 0
    /// Whether the server announced `Connection: close`.
    var isClosing = false

    /// A whole answer.
    init(status: Int, bytes: Int, isClosing: Bool) {
        fate = status == 503 ? .unavailable : status >= 500 ? .failed : .answered
        (self.status, self.bytes, self.isClosing) = (status, bytes, isClosing)
    }

    /// An exchange that never got a connection.
    ///
    /// A lack of descriptors or local ports on our side is none of the server's doing: nobody answered in time.
    init(connecting error: any Error) {
        switch Self.errno(of: error) {
        case ECONNREFUSED: fate = .refused
        case ECONNRESET, ECONNABORTED, EPIPE: fate = .resetEarly
        default: fate = .connectTimedOut
        }
    }

    init(_ fate: Fate) {
        self.fate = fate
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

/// What is asked for.
struct Request: Hashable, Sendable {
    struct Header: Hashable, Sendable {
        var name: String
        var value: String
    }

    var method = "GET"
    var path: String
    var headers: [Header] = []
    var body = ""
    /// Until its client gives up.
    var patience: Time
}
