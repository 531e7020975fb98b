package import ShutdownTrace

/// What a run looks like after the events so far: the one state that every screen and every verdict reads.
///
/// A board is a fold over events and a value: copy it, keep it, compare it. It reads no clock and does no I/O. Any
/// prefix of a trace gives a valid board. An event that cannot have happened changes nothing but ``anomalies``: a board
/// that hid a gap in its input would report a clean shutdown that nobody saw.
///
/// Questions that depend on the present are asked of an ``Explainer``, those about the outcome of a ``Judge``.
package struct Board: Sendable {
    package private(set) var header: Header?
    /// What the header says of the run.
    package private(set) var facts = RunFacts()
    /// When the last event happened.
    package internal(set) var time = Time.zero
    /// Events applied so far.
    package internal(set) var eventCount = 0

    package internal(set) var process = ServerProcess()
    package internal(set) var signals = Signals()
    package internal(set) var shutdown = Shutdown()
    package internal(set) var rotation = Rotation()
    package internal(set) var listener = Listener()
    package internal(set) var resources = Resources()
    package internal(set) var requests = Requests()
    package internal(set) var traffic = Traffic()
    package internal(set) var websockets = WebSockets()
    package internal(set) var jobs = Jobs()
    package internal(set) var ledger = Ledger()
    package internal(set) var log = LogFile()
    package internal(set) var remains = Remains()
    package internal(set) var gate = Gate()
    /// What the kernel shows of the server's processes and sockets.
    package internal(set) var family = Family()
    /// The second instance and the balancer; nil where there is only one server.
    package internal(set) var deploy: Deploy?
    package internal(set) var feed = Feed()
    package internal(set) var anomalies = Anomalies()

    package init() {}

    /// The board after all these events.
    package init(header: Header? = nil, _ events: some Sequence<Event>) {
        self.init()
        if let header { apply(header) }
        for event in events { apply(event) }
    }

    package mutating func apply(_ header: Header) {
        self.header = header
        facts = header.facts
    }

    /// Moves the board on by one item of a trace; a problem changes nothing.
    package mutating func apply(_ item: TraceReader.Item) {
        switch item {
        case .header(let header): apply(header)
        case .event(let event): apply(event)
        case .problem: break
        }
    }

    /// Moves the board on by one event.
    package mutating func apply(_ event: Event) {
        eventCount += 1
        time = max(time, event.time)
        guard anomalies.admit(event) else { return }
        let payload: Payload
        do { payload = try event.payload } catch { return anomalies.count(.incomplete(event.kind, error)) }
        do {
            try fold(payload, event)
            tell(payload, event)
        } catch {
            anomalies.count(.impossible(event.kind, error))
        }
    }
}

/// What follows from the state at once, and is asked everywhere.
extension Board {
    /// The server's name for the first line of the screen.
    package var title: String { header?.title ?? "server" }

    /// The first signal that asks the server to stop, if one was sent.
    package var stopSignal: SentSignal? { signals.stop }

    /// Where the clock of a shutdown starts: at the signal, or where the server says that it began, or at the exit.
    package var shutdownStart: Time? { stopSignal?.at ?? shutdown.beganAt ?? process.exit?.at }

    /// The supervisor's grace period, if it is known.
    package var grace: Time? { shutdown.grace ?? facts.grace }

    /// The server's own limits, if it told them.
    package var budgets: Budgets? {
        var budgets = shutdown.budgets ?? facts.budgets
        if let lead = shutdown.toldLead { budgets?.lead = lead }
        return budgets
    }

    /// Whether this is the demo server, whose lessons say themselves how they are mended.
    package var isOfDemo: Bool { isTraced && facts.server == .demo }

    /// How long a limit has run that began at `start`: the time for which the server was held does not count.
    func used(since start: Time, at now: Time) -> Time { now - start - gate.held(from: start, to: now) }

    /// Whether the server itself writes events; without them it is only seen from outside.
    ///
    /// Events that are read into the lines that it prints are no word of its own, as long as somebody watches.
    package var isTraced: Bool { anomalies.hasHeard(.server) || isImported }

    /// Whether only the server itself has spoken: then nobody saw its clients, nor its exit.
    var isOwnWord: Bool {
        anomalies.hasHeard(.server) && ![.supervisor, .kernel, .client].contains(where: anomalies.hasHeard)
    }

    /// Whether a log is all there is, without anybody who watched from outside.
    package var isImported: Bool { anomalies.hasHeard(.importer) && !anomalies.hasHeard(.supervisor) }

    /// Whether the run is one in which no client asks the server anything.
    package var isUnasked: Bool { facts.isUnasked }

    /// Whether the process is gone without ever having answered anybody.
    package var neverServed: Bool {
        // A server that no client asks cannot be blamed for answering none.
        if isUnasked, stopSignal != nil { return false }
        return process.isGone && traffic.total == 0 && rotation.enteredAt == nil && listener.openedAt == nil
    }

    /// Whether the process is gone, and what it left is still being looked at: so there is no verdict yet.
    package var isLooking: Bool { process.isGone && !process.isRunOver && anomalies.hasHeard(.supervisor) }

    /// Processes of the server that go on, as far as anybody has seen, after the one that was started has ended; until
    /// the run is over, which ends them.
    package var survivors: [Family.Member] {
        guard process.isGone, !process.isRunOver else { return [] }
        return family.members.values.filter { $0.pid != process.pid && $0.end == nil }.sorted { $0.pid < $1.pid }
    }

    /// The word for the phase: what is gone may be a parent, whose server goes on.
    package var phaseWord: String { phase == .gone && !survivors.isEmpty ? "PARENT GONE" : phase.word }

    /// Connections of a server that no client of this run asks, which are all that is known of its work; else 0.
    package var openConnections: Int { isUnasked && !process.isGone ? family.sockets?.open ?? 0 : 0 }
}

extension Signal {
    /// Whether a supervisor sends it to end a process: everything but STOP, CONT and those ignored by default.
    package var asksToStop: Bool {
        switch defaultAction {
        case .terminate, .core: true
        case .stop, .resume, .ignore: false
        }
    }
}
