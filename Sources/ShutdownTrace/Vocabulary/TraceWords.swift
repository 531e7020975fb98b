/// The words of fixed sets that events carry. A word that this version does not know is read as nil, and kept in the
/// event's fields.

/// Which of a server's two output streams.
public enum StandardStream: String, Hashable, Sendable, CaseIterable {
    case output = "out"
    case error = "err"
}

/// How a server says that its shutdown came out.
public enum ShutdownOutcome: String, Hashable, Sendable, CaseIterable {
    case clean, forced
}

/// What a client believes of its payment.
public enum PaymentBelief: String, Hashable, Sendable, CaseIterable {
    case paid, refused, unknown
}

/// A bad cell of the payment truth table: what a client believes against what the ledger holds.
///
/// | client believes | 0 rows | 1 row | 2 or more |
/// |---|---|---|---|
/// | paid | lost | right | twice |
/// | refused | right | denied | twice |
/// | unknown | right | ambiguous | twice |
public enum PaymentFlaw: String, Hashable, Sendable, CaseIterable {
    /// The client was told that it is paid, and there is no row.
    case lost
    /// There are two rows or more.
    case twice
    /// The client got no answer, and there is a row: a retry without its key charges twice.
    case ambiguous
    /// The client was told no, and there is a row.
    case denied

    /// Nil where client and ledger agree.
    public init?(_ belief: PaymentBelief, rows: Int) {
        switch (belief, rows) {
        case (_, 2...): self = .twice
        case (.paid, 1), (.refused, ..<1), (.unknown, ..<1): return nil
        case (.paid, _): self = .lost
        case (.refused, _): self = .denied
        case (.unknown, _): self = .ambiguous
        }
    }
}

/// What carries the connections of the clients to the instances of a deploy.
public enum BalancerKind: String, Hashable, Sendable, CaseIterable {
    /// A TCP proxy in Drainboard's own process.
    ///
    /// A connection goes to the instances in rotation by turns, and what an instance does to it, the client sees: a
    /// FIN as a FIN, a reset as a reset. A connection that its instance does not take is reset; it is not sent to
    /// another. While no instance is in rotation, clients are refused.
    case proxy
    /// HAProxy 2.2 or later, from PATH or `/usr/sbin`, in TCP mode; it closes what it cannot place.
    case haproxy
}

/// How a connection ended.
public enum ConnectionEnd: String, Hashable, Sendable, CaseIterable {
    /// The server closed it in order (FIN).
    case fin
    /// The server reset it (RST).
    case reset
    /// The client closed it.
    case client
    /// The server was gone, and nobody had closed it.
    case open
}

/// How a WebSocket ended.
public enum WebSocketEnd: String, Hashable, Sendable, CaseIterable {
    /// The peer closed the connection without a Close frame, or reset it.
    case fin, reset
    /// The server sent a Close frame, and the peer's came back.
    case echoed
    /// The client sent a Close frame, and the server's went back.
    case client
    /// Nobody had closed it when the run ended; then its client left.
    case open
    /// The server closed it, because its shutdown was forced.
    case forced
    /// Its frames could not be read.
    case broken
    /// The server closed it, because the peer's Close frame did not come in time.
    case unanswered = "the peer never answered"
}

/// What a client does; `TraceFormat.md` describes each.
public enum ClientKind: String, Hashable, Sendable, CaseIterable {
    case fast, report, payment, probe, slow, new, idle, racer, pipelined, slowReader, stray, upload, read, farewell
    /// No request: a connection that is never used, one that sends half a request, and a WebSocket.
    case silent, halfSent, websocket
}

/// What a background job of the demo server does.
public enum JobKind: String, Hashable, Sendable, CaseIterable {
    /// Follows from a payment, and is queued in the payment's transaction.
    case receipt
    /// Queued by the scheduler every few seconds.
    case reconcile
}

/// Whom a signal was sent to.
public enum SignalTarget: String, Hashable, Sendable, CaseIterable {
    /// The server's first process and no other.
    case process
    /// Every process of the server's process group, as from Ctrl-C in a terminal.
    case group
}

/// What was wrong with a whole answer that counts as failed.
public enum AnswerFault: String, Hashable, Sendable, CaseIterable {
    /// A server error.
    case serverError
    /// Another status or text than the person asked to expect.
    case unexpected
    /// Another status than the answers before the signal had.
    case status
    /// Another length than the answers before the signal had: a guess, because a body may change by itself.
    case length
}

/// How serious a line of a log is.
public enum LogLevel: String, Hashable, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}
