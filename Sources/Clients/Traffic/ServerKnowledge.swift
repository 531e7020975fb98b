import NIOCore
import Platform
import ShutdownTrace

/// What the clients have learned about their server.
struct ServerKnowledge: Sendable {
    /// The address that accepted a connection first.
    var address: SocketAddress?
    /// Kinds of work that the server showed not to take.
    private(set) var skipped: Set<ClientKind> = []
    /// Kinds of which a request was answered whole.
    var succeeded: Set<ClientKind> = []
    var answers = KnownAnswers()
    /// Idle connections ask for the root, which is answered at once, unless the server closes them after that.
    var idleRequestsRoot = true
    let targetChecked = OneShotEvent()
    private(set) var complaint: String?

    /// Returns whether this is news.
    mutating func skip(_ kind: ClientKind) -> Bool { skipped.insert(kind).inserted }

    mutating func checked(complaint: String?) {
        self.complaint = complaint
        targetChecked.fire()
    }
}
