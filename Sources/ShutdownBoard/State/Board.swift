public import ShutdownTrace

/// What a run looks like after the events so far: the one state that every screen and every verdict reads.
///
/// A board is a fold over events and a value: copy it, keep it, compare it. It reads no clock and does no I/O. Any
/// prefix of a trace gives a valid board. An event that cannot have happened changes nothing but ``anomalies``: a board
/// that hid a gap in its input would report a clean shutdown that nobody saw.
///
/// Questions that depend on the present are asked of an ``Explainer``, those about the outcome of a ``Judge``.
public struct Board: Sendable {
    public private(set) var header: Header?
    /// What the header says of the run.
    public private(set) var facts = RunFacts()
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

    public init() {}

    /// The board after all these events.
    public init(header: Header? = nil, _ events: some Sequence<Event>) {
        self.init()
        if let header { apply(header) }
        for event in events { apply(event) }
    }

    public mutating func apply(_ header: Header) {
        self.header = header
        facts = header.facts
    }

    /// Moves the board on by one event.
    public mutating func apply(_ event: Event) {
        eventCount += 1
        time = max(time, event.time)
        guard anomalies.admit(event) else { return }
        do {
            let payload = try event.payload
            try fold(payload, event)
            tell(payload, event)
        } catch {
            anomalies.count("\(event.name): \(error)")
        }
    }
}

/// Why an event cannot have happened in the state that the board is in.
struct Rejection: Error, CustomStringConvertible {
    let description: String

    init(_ why: String) { description = why }
}

/// What follows from the state at once, and is asked everywhere.
extension Board {
    /// The server's name for the first line of the screen.
    public var title: String { header?.title ?? "server" }

    /// The first signal that asks the server to stop, if one was sent.
    public var stopSignal: SentSignal? { signals.stop }

    /// Where the clock of a shutdown starts: at the signal, or where the server says that it began, or at the exit.
    public var shutdownStart: Time? { stopSignal?.at ?? shutdown.beganAt ?? process.exit?.at }

    /// The supervisor's grace period, if it is known.
    public var grace: Time? { shutdown.grace ?? facts.grace }

    /// The server's own limits, if it told them.
    public var budgets: Budgets? {
        var budgets = shutdown.budgets ?? facts.budgets
        if let lead = shutdown.toldLead { budgets?.lead = lead }
        return budgets
    }

    /// How long a limit has run that began at `start`: the time for which the server was held does not count.
    func used(since start: Time, at now: Time) -> Time { now - start - gate.held(from: start, to: now) }

    /// Whether the server itself writes events; without them it is only seen from outside.
    ///
    /// Events that are read into the lines that it prints are no word of its own, as long as somebody watches.
    public var isTraced: Bool { anomalies.hasHeard(.server) || isImported }

    /// Whether only the server itself has spoken: then nobody saw its clients, nor its exit.
    var isOwnWord: Bool {
        anomalies.hasHeard(.server) && ![.supervisor, .kernel, .client].contains(where: anomalies.hasHeard)
    }

    /// Whether a log is all there is, without anybody who watched from outside.
    public var isImported: Bool { anomalies.hasHeard(.importer) && !anomalies.hasHeard(.supervisor) }

    /// Whether the run is one in which no client asks the server anything.
    public var isUnasked: Bool { facts.isUnasked }

    /// Whether the process is gone without ever having answered anybody.
    public var neverServed: Bool {
        // A server that no client asks cannot be blamed for answering none.
        if isUnasked, stopSignal != nil { return false }
        return process.isGone && traffic.total == 0 && rotation.enteredAt == nil && listener.openedAt == nil
    }

    /// Connections of a server that no client of this run asks, which are all that is known of its work; else 0.
    public var openConnections: Int { isUnasked && !process.isGone ? family.sockets?.open ?? 0 : 0 }
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
