internal import ShutdownTrace

/// How far a shutdown is, for rules that count only from there on.
enum ShutdownStage: Int, Comparable, Sendable {
    case serving, begun, drained
    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Makes one consistent shutdown out of what single lines mean.
///
/// A log leaves steps out. What must have come before is put in and marked as inferred, and what cannot come twice is
/// told once, so that no line of a log looks like an impossible event.
struct ShutdownReconstructor: Sendable {
    private var hasBegun = false
    private var drain = Drain.ahead
    private var hasEnded = false
    private var isGone = false
    private var names: Set<ResourceName> = []
    /// The release that began and whose end no line has told.
    private var open: (name: ResourceName, since: Time)?
    private var released: Set<ResourceName> = []
    /// How many signals of each kind were received.
    private var received: [Signal: Int] = [:]
    /// Signals that a line tells were sent.
    private var sent: Set<Signal> = []
    /// Steps that happen once, and have happened.
    private var past: Set<Once> = []

    /// Whether this shutdown has been told to its end, so that another start is another run.
    var isOver: Bool { hasEnded || isGone }

    var stage: ShutdownStage { drain == .over ? .drained : hasBegun || isAsked ? .begun : .serving }

    /// Whether a signal came that asks to stop; plain words need more than that.
    private var isAsked: Bool { Matcher.stopping.contains { received[$0] != nil } }

    private enum Drain {
        case ahead, running, over
    }

    private enum Once {
        case serving, listenerOpened, listenerClosed, readinessLowered, leadEnded, graceExpired
    }

    /// How many resources are told apart.
    private static let mostNames = 200

    /// The events for what a line tells; none where it cannot have happened.
    mutating func events(for fact: LogFact) -> [Event] {
        guard !isGone else { return [] }
        var events: [Event] = []
        add(fact, &events)
        return events
    }

    private mutating func add(_ fact: LogFact, _ events: inout [Event]) {
        switch fact.content {
        case .unnamedSignal: add(fact.implied(.shutdown(.began(.other("a signal")))), &events)
        case .unnamedRelease: closeRelease(at: fact, &events)
        case .event(let payload): add(payload, fact, &events)
        }
    }

    private mutating func add(_ payload: Payload, _ fact: LogFact, _ events: inout [Event]) {
        switch payload {
        case .process(.serving):
            guard !hasBegun, past.insert(.serving).inserted else { return }
        case .process(.exited(let status)): return exit(status, fact, &events)
        case .signal(.sent(let signal)):
            if !fact.isInferred { sent.insert(signal.signal) }
        case .signal(.received(let signal, _, let sender)):
            received[signal, default: 0] += 1
            events.append(fact.event(.signal(.received(signal, ordinal: received[signal], sender: sender))))
            return
        case .shutdown(let event):
            guard add(event, fact, &events) else { return }
        case .connection(.listenerOpened): guard past.insert(.listenerOpened).inserted else { return }
        case .connection(.listenerClosed): guard past.insert(.listenerClosed).inserted else { return }
        case .balancer(.readinessLowered): guard past.insert(.readinessLowered).inserted else { return }
        case .request(.cancelled): begin(fact, &events)
        case .resource(let resource): return add(resource, fact, &events)
        default: break
        }
        events.append(fact.event(payload))
    }

    /// Adds what comes before an event of the shutdown; false where the event itself cannot have happened.
    private mutating func add(_ event: ShutdownEvent, _ fact: LogFact, _ events: inout [Event]) -> Bool {
        switch event {
        case .began:
            defer { hasBegun = true }
            return !hasBegun
        case .drainBegan:
            begin(fact, &events)
            guard drain == .ahead else { return false }
            drain = .running
        case .drainDeadlinePassed, .forced: begin(fact, &events)
        case .drainEnded: return startDrainEnd(fact, &events)
        case .leadEnded: return past.insert(.leadEnded).inserted
        case .graceExpired: return past.insert(.graceExpired).inserted
        case .graceChanged: break
        case .ended:
            begin(fact, &events)
            guard !hasEnded else { return false }
            if drain == .running { endDrain(fact, &events) }
            closeRelease(at: fact, &events)
            hasEnded = true
        }
        return true
    }

    /// A death that was inferred from a number is certain when a line tells that the signal was sent.
    private mutating func exit(_ status: ExitStatus, _ fact: LogFact, _ events: inout [Event]) {
        closeRelease(at: fact, &events)
        isGone = true
        var fact = fact
        if case .signaled(let signal, _) = status, sent.contains(signal) { fact.isInferred = false }
        events.append(fact.event(.process(.exited(status))))
    }

    // MARK: What must have come before

    private mutating func begin(_ fact: LogFact, _ events: inout [Event]) {
        if !hasBegun { add(fact.implied(.shutdown(.began(.other("not told")))), &events) }
    }

    /// False where the drain has ended before.
    private mutating func startDrainEnd(_ fact: LogFact, _ events: inout [Event]) -> Bool {
        guard drain != .over else { return false }
        begin(fact, &events)
        if drain == .ahead { add(fact.implied(.shutdown(.drainBegan(open: nil))), &events) }
        drain = .over
        return true
    }

    private mutating func endDrain(_ fact: LogFact, _ events: inout [Event]) {
        guard startDrainEnd(fact, &events) else { return }
        let implied = Payload.shutdown(.drainEnded(left: nil))
        events.append(fact.implied(implied).event(implied))
    }

    // MARK: Resources

    private mutating func add(_ resource: ResourceEvent, _ fact: LogFact, _ events: inout [Event]) {
        switch resource.step {
        case .acquired:
            guard names.count < Self.mostNames, names.insert(resource.name).inserted else { return }
            events.append(fact.event(.resource(resource)))
        case .quiesced: events.append(fact.event(.resource(resource)))
        case .releasing: startRelease(resource, fact, &events)
        case .released, .failed: endRelease(resource, fact, &events)
        }
    }

    private mutating func startRelease(_ resource: ResourceEvent, _ fact: LogFact, _ events: inout [Event]) {
        guard !released.contains(resource.name), open?.name != resource.name else { return }
        begin(fact, &events)
        endDrain(fact, &events)
        closeRelease(at: fact, &events)
        guard acquire(resource.name, fact, &events) else { return }
        open = (resource.name, fact.time)
        events.append(fact.event(.resource(resource)))
    }

    private mutating func endRelease(_ resource: ResourceEvent, _ fact: LogFact, _ events: inout [Event]) {
        guard !released.contains(resource.name) else { return }
        begin(fact, &events)
        guard acquire(resource.name, fact, &events) else { return }
        released.insert(resource.name)
        var resource = resource
        if let open, open.name == resource.name {
            if case .released(_, let detail) = resource.step {
                resource.step = .released(took: fact.time - open.since, detail: detail)
            }
            self.open = nil
        }
        events.append(fact.event(.resource(resource)))
    }

    /// A release whose end is not told ends where the next one begins.
    private mutating func closeRelease(at fact: LogFact, _ events: inout [Event]) {
        guard let name = open?.name else { return }
        let resource = ResourceEvent(name, .released(took: nil))
        endRelease(resource, fact.implied(.resource(resource)), &events)
    }

    /// What is released was acquired before, even if the log says nothing of it; false for a name too many.
    private mutating func acquire(_ name: ResourceName, _ fact: LogFact, _ events: inout [Event]) -> Bool {
        if names.contains(name) { return true }
        guard names.count < Self.mostNames else { return false }
        names.insert(name)
        let acquired = Payload.resource(ResourceEvent(name, .acquired(index: nil)))
        events.append(fact.implied(acquired).event(acquired))
        return true
    }
}

extension LogFact {
    /// The fact as an event that says this.
    fileprivate func event(_ payload: Payload) -> Event {
        var event = Event(payload, from: .importer, at: time)
        event.isInferred = isInferred
        return event
    }

    /// Another fact of the same line, which the line does not say itself.
    fileprivate func implied(_ payload: Payload) -> LogFact {
        LogFact(content: .event(payload), time: time, isInferred: true)
    }
}
