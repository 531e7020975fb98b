/// The names of the fields that Drainboard writes. `TraceFormat.md` says where each belongs.
extension Fields.Key {
    /// The request, job, WebSocket, connection or transaction that an event is about.
    package static let id = Self(.id)
    /// The client's id of the order that a payment pays for.
    package static let order = Self(.order)
    package static let method = Self(.method)
    package static let path = Self(.path)
    /// What the client does: `TraceFormat.md` lists them.
    package static let kind = Self(.kind)
    /// An HTTP status.
    package static let status = Self(.status)
    /// A ``Fate``.
    package static let fate = Self(.fate)
    /// Bytes received, written, or held.
    package static let bytes = Self(.bytes)
    /// Bytes that were announced.
    package static let expected = Self(.expected)
    /// Seconds that something took.
    package static let took = Self(.took)
    /// Whether the answer carried `Connection: close`.
    package static let closing = Self(.closing)
    /// An `Idempotency-Key`.
    package static let key = Self(.key)
    /// The first attempt is 1.
    package static let attempt = Self(.attempt)
    /// What a client believes of a payment: paid, refused, unknown.
    package static let belief = Self(.belief)
    /// Rows in the ledger.
    package static let rows = Self(.rows)
    /// Amount in cents.
    package static let amount = Self(.amount)

    /// A signal's number.
    package static let signal = Self(.signal)
    package static let pid = Self(.pid)
    /// The process that sent a signal (si_pid).
    package static let sender = Self(.sender)
    /// How many signals of this kind came so far, this one included.
    package static let ordinal = Self(.ordinal)
    /// Why: user, check, grace, cleanup.
    package static let by = Self(.by)
    package static let caught = Self(.caught)
    package static let ignored = Self(.ignored)
    package static let blocked = Self(.blocked)
    package static let how = Self(.how)
    package static let code = Self(.code)
    package static let core = Self(.core)
    package static let command = Self(.command)

    /// A resource: log, ledger, workers, scheduler, websockets, listener, rotation.
    package static let name = Self(.name)
    /// 1 for the resource that was acquired first.
    package static let index = Self(.index)
    /// A few words for a person.
    package static let detail = Self(.detail)
    package static let text = Self(.text)
    package static let level = Self(.level)
    package static let count = Self(.count)
    package static let open = Self(.open)
    package static let left = Self(.left)
    package static let cause = Self(.cause)
    package static let outcome = Self(.outcome)
    package static let forced = Self(.forced)
    package static let port = Self(.port)
    package static let answer = Self(.answer)
    package static let file = Self(.file)
    package static let lines = Self(.lines)
    package static let lost = Self(.lost)
    package static let clean = Self(.clean)
    package static let charged = Self(.charged)
    package static let acknowledged = Self(.acknowledged)
    package static let twice = Self(.twice)
    package static let ambiguous = Self(.ambiguous)
    /// Payments by belief and rows: `[[1,2,3],[4,5,6],[7,8,9]]`.
    package static let matrix = Self(.matrix)
    package static let failures = Self(.failures)
    package static let threshold = Self(.threshold)
    /// Seconds between two probes.
    package static let interval = Self(.interval)
    /// 1 for the server that is judged, 2 for its replacement.
    package static let instance = Self(.instance)
    /// What stands between clients and instances: proxy, haproxy.
    package static let balancer = Self(.balancer)
    /// Whom a signal was sent to: group; absent for the process alone.
    package static let target = Self(.target)
    package static let stream = Self(.stream)
    /// The source whose events are missing.
    package static let source = Self(.source)
    /// Whether a reader inferred this instead of being told.
    package static let inferred = Self(.inferred)

    // What the kernel shows
    /// The pid of the process that a member of the run is a child of.
    package static let parent = Self(.parent)
    package static let threads = Self(.threads)
    /// Signals that were sent and not taken yet.
    package static let pending = Self(.pending)
    /// Whether a process holds the listening socket.
    package static let listens = Self(.listens)
    /// Connections in the accept queue.
    package static let waiting = Self(.waiting)
    /// How many the accept queue takes.
    package static let backlog = Self(.backlog)
    /// Connections on which nothing is under way in either direction.
    package static let quiet = Self(.quiet)
    /// Bytes that arrived and that the server has not read.
    package static let unread = Self(.unread)
    /// Bytes that the server wrote and that its client has not taken.
    package static let unsent = Self(.unsent)

    /// The system call that a thread sleeps in.
    package static let call = Self(.call)
    /// An ``AnswerFault``.
    package static let fault = Self(.fault)

    // Of a header
    /// Which of Drainboard's own servers ran.
    package static let server = Self(.server)
    package static let seed = Self(.seed)
    package static let rate = Self(.rate)
    package static let unasked = Self(.unasked)
    package static let untimed = Self(.untimed)

    // Budgets, in seconds
    package static let lead = Self(.lead)
    package static let drain = Self(.drain)
    package static let workers = Self(.workers)
    package static let ledger = Self(.ledger)
    package static let flush = Self(.flush)
    package static let margin = Self(.margin)
    package static let grace = Self(.grace)
}
