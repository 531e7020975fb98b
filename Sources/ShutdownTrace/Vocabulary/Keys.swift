/// The names of the fields that Drainboard writes. `TraceFormat.md` says where each belongs.
extension Fields.Key {
    /// The request, job, WebSocket, connection or transaction that an event is about.
    public static let id = Self(.id)
    /// The client's id of the order that a payment pays for.
    public static let order = Self(.order)
    public static let method = Self(.method)
    public static let path = Self(.path)
    /// What the client does: `TraceFormat.md` lists them.
    public static let kind = Self(.kind)
    /// An HTTP status.
    public static let status = Self(.status)
    /// A ``Fate``.
    public static let fate = Self(.fate)
    /// Bytes received, written, or held.
    public static let bytes = Self(.bytes)
    /// Bytes that were announced.
    public static let expected = Self(.expected)
    /// Seconds that something took.
    public static let took = Self(.took)
    /// Whether the answer carried `Connection: close`.
    public static let closing = Self(.closing)
    /// An `Idempotency-Key`.
    public static let key = Self(.key)
    /// The first attempt is 1.
    public static let attempt = Self(.attempt)
    /// What a client believes of a payment: paid, refused, unknown.
    public static let belief = Self(.belief)
    /// Rows in the ledger.
    public static let rows = Self(.rows)
    /// Amount in cents.
    public static let amount = Self(.amount)

    /// A signal's number.
    public static let signal = Self(.signal)
    public static let pid = Self(.pid)
    /// The process that sent a signal (si_pid).
    public static let sender = Self(.sender)
    /// How many signals of this kind came so far, this one included.
    public static let ordinal = Self(.ordinal)
    /// Why: user, check, grace, cleanup.
    public static let by = Self(.by)
    public static let caught = Self(.caught)
    public static let ignored = Self(.ignored)
    public static let blocked = Self(.blocked)
    public static let how = Self(.how)
    public static let code = Self(.code)
    public static let core = Self(.core)
    public static let command = Self(.command)

    /// A resource: log, ledger, workers, scheduler, websockets, listener, rotation.
    public static let name = Self(.name)
    /// 1 for the resource that was acquired first.
    public static let index = Self(.index)
    /// A few words for a person.
    public static let detail = Self(.detail)
    public static let text = Self(.text)
    public static let level = Self(.level)
    public static let count = Self(.count)
    public static let open = Self(.open)
    public static let left = Self(.left)
    public static let cause = Self(.cause)
    public static let outcome = Self(.outcome)
    public static let forced = Self(.forced)
    public static let port = Self(.port)
    public static let answer = Self(.answer)
    public static let file = Self(.file)
    public static let lines = Self(.lines)
    public static let lost = Self(.lost)
    public static let clean = Self(.clean)
    public static let charged = Self(.charged)
    public static let acknowledged = Self(.acknowledged)
    public static let twice = Self(.twice)
    public static let ambiguous = Self(.ambiguous)
    /// Payments by belief and rows: `[[1,2,3],[4,5,6],[7,8,9]]`.
    public static let matrix = Self(.matrix)
    public static let failures = Self(.failures)
    public static let threshold = Self(.threshold)
    /// Seconds between two probes.
    public static let interval = Self(.interval)
    /// 1 for the server that is judged, 2 for its replacement.
    public static let instance = Self(.instance)
    /// What stands between clients and instances: proxy, haproxy.
    public static let balancer = Self(.balancer)
    /// Whom a signal was sent to: group; absent for the process alone.
    public static let target = Self(.target)
    public static let stream = Self(.stream)
    /// The source whose events are missing.
    public static let source = Self(.source)
    /// Whether a reader inferred this instead of being told.
    public static let inferred = Self(.inferred)

    // What the kernel shows
    /// The pid of the process that a member of the run is a child of.
    public static let parent = Self(.parent)
    public static let threads = Self(.threads)
    /// Signals that were sent and not taken yet.
    public static let pending = Self(.pending)
    /// Whether a process holds the listening socket.
    public static let listens = Self(.listens)
    /// Connections in the accept queue.
    public static let waiting = Self(.waiting)
    /// How many the accept queue takes.
    public static let backlog = Self(.backlog)
    /// Connections on which nothing is under way in either direction.
    public static let quiet = Self(.quiet)
    /// Bytes that arrived and that the server has not read.
    public static let unread = Self(.unread)
    /// Bytes that the server wrote and that its client has not taken.
    public static let unsent = Self(.unsent)

    /// The system call that a thread sleeps in.
    public static let call = Self(.call)
    /// An ``AnswerFault``.
    public static let fault = Self(.fault)

    // Of a header
    /// Which of Drainboard's own servers ran.
    public static let server = Self(.server)
    public static let seed = Self(.seed)
    public static let rate = Self(.rate)
    public static let unasked = Self(.unasked)
    public static let untimed = Self(.untimed)

    // Budgets, in seconds
    public static let lead = Self(.lead)
    public static let drain = Self(.drain)
    public static let workers = Self(.workers)
    public static let ledger = Self(.ledger)
    public static let flush = Self(.flush)
    public static let margin = Self(.margin)
    public static let grace = Self(.grace)
}
