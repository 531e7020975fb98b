import Glibc
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
    let targetChecked = OneShotEvent()
    private(set) var complaint: String?

    /// What this machine lacked for a client, once that was so.
    private(set) var shortage: String?
    let shortageMet = OneShotEvent()

    /// Takes why a connection could not be made; an address that the server may not have says nothing.
    mutating func take(_ error: any Error, isKnown: Bool) {
        guard shortage == nil, let cause = Outcome.shortage(error), isKnown || Outcome.errno(of: error) != EADDRNOTAVAIL
        else { return }
        shortage = cause
        shortageMet.fire()
    }

    /// Returns whether this is news.
    mutating func skip(_ kind: ClientKind) -> Bool { skipped.insert(kind).inserted }

    mutating func checked(complaint: String?) {
        self.complaint = complaint
        targetChecked.fire()
    }
}
