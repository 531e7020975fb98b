public import ShutdownTrace

/// What a run looks like after the events so far: the one state that every screen and every verdict reads.
///
/// A board is a fold over events and a value: copy it, keep it, compare it. It reads no clock and does no I/O; what
/// depends on the present takes `now` as an argument. Any prefix of a trace gives a valid board. An event that
/// cannot have happened changes nothing but ``anomalies``: a board that hid a gap in its input would report a clean
/// shutdown that nobody saw.
public struct Board: Sendable {
    public internal(set) var header: Header?
    /// When the last event happened.
    public internal(set) var time = Time.zero
    /// Events applied so far.
    public internal(set) var eventCount = 0

    public internal(set) var process = ServerProcess()
    public internal(set) var signals = Signals()
    public internal(set) var shutdown = Shutdown()
    public internal(set) var rotation = Rotation()
    public internal(set) var listener = Listener()
    public internal(set) var resources = Resources()
    public internal(set) var requests = Requests()
    public internal(set) var traffic = Traffic()
    public internal(set) var websockets = WebSockets()
    public internal(set) var jobs = Jobs()
    public internal(set) var ledger = Ledger()
    public internal(set) var log = LogFile()
    public internal(set) var remains = Remains()
    public internal(set) var gate = Gate()
    /// What the kernel shows of the server's processes and sockets.
    public internal(set) var family = Family()
    /// The second instance and the balancer; nil where there is only one server.
    public internal(set) var deploy: Deploy?
    public internal(set) var feed = Feed()
    public internal(set) var anomalies = Anomalies()

    /// Whether the last event could not have happened.
    var wasRejected = false

    public init() {}

    /// The board after all these events.
    public init(header: Header? = nil, _ events: some Sequence<Event>) {
        self.init()
        if let header { apply(header) }
        for event in events { apply(event) }
    }

    public mutating func apply(_ header: Header) {
        self.header = header
    }

    /// Moves the board on by one event.
    public mutating func apply(_ event: Event) {
        eventCount += 1
        time = max(time, event.time)
        guard anomalies.admit(event) else { return }
        wasRejected = false
        take(event)
        // Asked of its parts: whoever calls a method of the board copies all of it, and most events are not worth that.
        let isStopping = signals.stop != nil || shutdown.drainBeganAt != nil
        if !wasRejected, event.mayBeTold(isStopping), let line = wording(event) { feed.append(line) }
    }

    /// The server's name for the first line of the screen.
    public var title: String { header?.title ?? "server" }

    /// The first signal that asks the server to stop, if one was sent.
    public var stopSignal: SentSignal? { signals.stop }

    /// The supervisor's grace period, if it is known.
    public var grace: Time? { shutdown.grace ?? header?.grace }

    /// The server's own limits, if it told them.
    public var budgets: Budgets? {
        var budgets = shutdown.budgets ?? header.flatMap { Budgets($0.fields) }
        if let lead = shutdown.toldLead { budgets?.lead = lead }
        return budgets
    }

    /// Whether the server itself writes events.
    ///
    /// Without them only the outside witnesses speak; what is read into the lines that it prints is no word of its own, as
    /// long as somebody watches.
    public var isTraced: Bool { anomalies.hasHeard(.server) || isImported }

    /// Whether nobody but the server itself has spoken: then nobody saw its clients, nor its exit.
    var isOwnWord: Bool {
        anomalies.hasHeard(.server) && ![.supervisor, .kernel, .client].contains(where: anomalies.hasHeard)
    }
}

extension Signal {
    /// Whether a supervisor sends it to end a process: everything but STOP, CONT and those ignored by default.
    public var asksToStop: Bool {
        switch defaultAction {
        case .terminate, .core: true
        case .stop, .resume, .ignore: false
        }
    }
}
