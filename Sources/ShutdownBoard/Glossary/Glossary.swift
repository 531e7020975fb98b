/// The words that a person meets on the screen, in verdicts and in lessons, each with its meaning in one sentence.
package enum Glossary {
    package struct Entry: Hashable, Sendable {
        package let term: String
        package let meaning: String
    }

    package static let drainOverhead = Entry(
        term: "drain overhead", meaning: "the time from the end of the last work in flight to the exit")

    package static let latestExit = Entry(
        term: "gone in at most",
        meaning:
            "what the server's own limits still leave it, for the drain and for each step after it, and never more "
            + "than is left of the grace")

    /// In the order of the alphabet, numbers first.
    package static let entries = [
        Entry(term: "1001", meaning: "a WebSocket is told goodbye with this code: the server is going away"),
        Entry(term: "1006", meaning: "a WebSocket ended without any code: its connection broke without a goodbye"),
        Entry(
            term: "accept queue", meaning: "connections that the kernel completed and the server has not accepted yet"),
        Entry(term: "acknowledged", meaning: "the client has the answer that says that its payment was made"),
        Entry(term: "balancer", meaning: "stands between clients and servers, and sends requests to those in rotation"),
        Entry(
            term: "being read",
            meaning: "the server has sent the answer whole, and its client has not read all of it yet"),
        Entry(term: "charged", meaning: "the payment is in the database, the answer on its way"),
        Entry(term: "checkpointed", meaning: "what stood in the write-ahead log was moved into the database"),
        Entry(term: "cut", meaning: "lost: the connection ended in the middle of the answer"),
        Entry(term: "door", meaning: "in the lessons, the listener: a closed door refuses who comes"),
        Entry(term: "drain", meaning: "finish what is in flight, take nothing new"),
        drainOverhead,
        Entry(
            term: "elsewhere",
            meaning: "the balancer sent the request to another server: this one was out of rotation"),
        Entry(
            term: "gate", meaning: "the place before each step of the demo server's shutdown at which g can hold it"),
        latestExit,
        Entry(term: "grace", meaning: "how long the supervisor waits between the first signal and SIGKILL"),
        Entry(term: "handed back", meaning: "a job that was not finished in time went back to the queue"),
        Entry(term: "idempotency key", meaning: "sent with a payment, so that a second try is not charged again"),
        Entry(term: "in doubt", meaning: "the payment is in the database, and its client got no answer"),
        Entry(term: "in flight", meaning: "a client has begun the request, and it has not ended yet"),
        Entry(term: "lag", meaning: "how long a balancer still sends requests after readiness has failed"),
        Entry(
            term: "lead", meaning: "readiness is down, the door still open, so that the balancer notices first"),
        Entry(term: "ledger", meaning: "the demo server's database of payments"),
        Entry(term: "listener", meaning: "the socket that accepts new connections"),
        Entry(
            term: "lost",
            meaning: "of payments: acknowledged, and not in the database, which is read after the exit"
        ),
        Entry(term: "no answer", meaning: "lost: the request was sent, and the server closed without answering"),
        Entry(
            term: "number",
            meaning: "before a method, or alone where it says what holds the server up: which request, in the order in "
                + "which clients began them"),
        Entry(
            term: "outbox", meaning: "messages that are kept in the database until they are sent, so that none is lost"),
        Entry(term: "p50, p99", meaning: "half of the answers, and 99 of 100, took no longer than this"),
        Entry(term: "readiness", meaning: "the answer to the balancer's probe: whether the server wants new requests"),
        Entry(term: "refused", meaning: "not lost: nobody listened, so that the request was never sent"),
        Entry(term: "reset", meaning: "lost: the request was sent, and the connection broke without an answer"),
        Entry(
            term: "reset early", meaning: "the connection broke before the request was sent: safe to send again"),
        Entry(term: "rotation", meaning: "the servers to which the balancer sends new requests"),
        Entry(term: "supervisor", meaning: "starts the server, sends it signals, and kills it after the grace"),
        Entry(term: "unknown", meaning: "this run shows nothing for a rule or against it"),
        Entry(
            term: "write-ahead log", meaning: "the file beside a database that holds what was written and not moved yet"
        ),
    ]
}
