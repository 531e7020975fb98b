internal import ShutdownTrace

/// Makes one consistent shutdown out of what single lines mean.
///
/// A log leaves steps out. What must have come before is put in and marked as inferred, and what cannot come twice is
/// told once, so that no line of a log looks like an impossible event.
struct Story: Sendable {
    private var hasBegun = false
    private var drain = Drain.ahead
    private(set) var hasEnded = false
    private var isGone = false
    private var isServing = false
    private var names: Set<String> = []
    /// The step that began and whose end nobody has told.
    private var open: (name: String, since: Time)?
    private var released: Set<String> = []
    private var signals: [Int: Int] = [:]
    /// Signals that somebody is told to have sent.
    private var sent: Set<Int> = []
    /// What happens once, and has.
    private var once: Set<EventKind> = []

    /// How far the shutdown is, for rules that only count from there on.
    enum Stage: Int, Comparable, Sendable {
        case serving, begun, drained
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether this shutdown has been told to its end, so that another start is another run.
    var isOver: Bool { hasEnded || isGone }

    var stage: Stage { drain == .over ? .drained : hasBegun || isAsked ? .begun : .serving }

    /// Whether a signal came that asks to stop, which is more than the words of a line need.
    private var isAsked: Bool { Matcher.stopping.contains { signals[Int($0.rawValue)] != nil } }

    private enum Drain {
        case ahead, running, over
    }

    /// Steps with a name of their own that are kept apart.
    private static let mostNames = 200

    /// The events for one that a line means; none where it cannot have happened.
    mutating func tell(_ event: Event) -> [Event] {
        guard !isGone else { return [] }
        var events: [Event] = []
        take(event, &events)
        return events
    }

    private mutating func take(_ event: Event, _ events: inout [Event]) {
        switch event.kind {
        case .processServing:
            guard !isServing, !hasBegun else { return }
            isServing = true
        case .signalReceived: return takeSignal(event, &events)
        case .shutdownBegan:
            guard !hasBegun else { return }
            hasBegun = true
        case .drainBegan:
            begin(event, &events)
            guard drain == .ahead else { return }
            drain = .running
        case .drainDeadlinePassed, .shutdownForced, .requestCancelled: begin(event, &events)
        case .drainEnded: return endDrain(event, &events, isTold: true)
        case .listenerOpened, .listenerClosed, .readinessLowered, .leadEnded, .graceExpired:
            guard once.insert(event.kind).inserted else { return }
        case .resourceAcquired: guard names.count < Self.mostNames, acquire(event) else { return }
        case .resourceReleasing: return startRelease(event, &events)
        case .resourceReleased, .resourceFailed: return release(event, &events)
        case .shutdownEnded:
            begin(event, &events)
            guard !hasEnded else { return }
            if drain == .running { endDrain(event, &events, isTold: false) }
            closeStep(at: event, &events)
            hasEnded = true
        case .processExited:
            guard ExitStatusWords.isComplete(event.fields) else { return }
            closeStep(at: event, &events)
            isGone = true
            events.append(confirmed(event))
            return
        case .signalSent:
            guard let number = event.fields.int(.signal) else { return }
            if event.fields.bool(.inferred) != true { sent.insert(number) }
        default: break
        }
        events.append(event)
    }

    /// A death that was inferred from a number is told after all when the log tells of the signal.
    private func confirmed(_ event: Event) -> Event {
        var event = event
        if let number = event.fields.int(.signal), sent.contains(number) { event.fields[.inferred] = nil }
        return event
    }

    private mutating func takeSignal(_ event: Event, _ events: inout [Event]) {
        guard let number = event.fields.int(.signal), (1...64).contains(number) else {
            return take(event.implied(.shutdownBegan, [.cause: "a signal"]), &events)
        }
        var event = event
        signals[number, default: 0] += 1
        event.fields[.ordinal] = .number(signals[number] ?? 1)
        events.append(event)
    }

    private mutating func begin(_ event: Event, _ events: inout [Event]) {
        if !hasBegun { take(event.implied(.shutdownBegan, [.cause: "not told"]), &events) }
    }

    private mutating func endDrain(_ event: Event, _ events: inout [Event], isTold: Bool) {
        guard drain != .over else { return }
        begin(event, &events)
        if drain == .ahead { take(event.implied(.drainBegan), &events) }
        drain = .over
        events.append(isTold ? event : event.implied(.drainEnded))
    }

    private mutating func acquire(_ event: Event) -> Bool {
        guard let name = event.fields.string(.name) else { return false }
        return names.insert(name).inserted
    }

    private mutating func startRelease(_ event: Event, _ events: inout [Event]) {
        guard let name = event.fields.string(.name), !released.contains(name), open?.name != name else { return }
        begin(event, &events)
        endDrain(event, &events, isTold: false)
        closeStep(at: event, &events)
        guard know(name, event, &events) else { return }
        open = (name, event.time)
        events.append(event)
    }

    private mutating func release(_ event: Event, _ events: inout [Event]) {
        guard let name = event.fields.string(.name) else { return closeStep(at: event, &events) }
        guard !released.contains(name) else { return }
        begin(event, &events)
        guard know(name, event, &events) else { return }
        released.insert(name)
        var event = event
        if let open, open.name == name {
            event.fields[.took] = .time(event.time - open.since)
            self.open = nil
        }
        events.append(event)
    }

    /// A step without an end ends where the next one begins.
    private mutating func closeStep(at event: Event, _ events: inout [Event]) {
        guard let step = open else { return }
        release(event.implied(.resourceReleased, [.name: .string(step.name)]), &events)
    }

    /// What is released was acquired before, even if the log says nothing of it.
    private mutating func know(_ name: String, _ event: Event, _ events: inout [Event]) -> Bool {
        if names.contains(name) { return true }
        guard names.count < Self.mostNames else { return false }
        names.insert(name)
        events.append(event.implied(.resourceAcquired, [.name: .string(name)]))
        return true
    }
}

/// What an exit must say to be one.
private enum ExitStatusWords {
    static func isComplete(_ fields: Fields) -> Bool {
        switch fields.string(.how) {
        case "exited": fields.int(.code).map { (0...255).contains($0) } ?? false
        case "signaled": fields.int(.signal).map { (1...64).contains($0) } ?? false
        default: false
        }
    }
}

extension Event {
    /// Another event of the same line that the line does not say itself.
    fileprivate func implied(_ kind: EventKind, _ fields: Fields = [:]) -> Event {
        var fields = fields
        fields[.inferred] = true
        return Event(kind, from: source, at: time, fields)
    }
}
