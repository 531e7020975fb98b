/// The shutdown as a whole, and the limits that it keeps.
public enum ShutdownEvent: Hashable, Sendable {
    /// - `ordinal`: 1, or 2 for a second clean-up beside the first.
    /// - `budgets`: the server's own limits, where it tells them.
    case began(ShutdownCause, ordinal: Int = 1, budgets: Budgets? = nil)
    /// What is left is cut short.
    case forced(ForcedCause)
    case ended(ShutdownOutcome?, took: Time?)
    case leadEnded
    /// - `open`: requests in flight.
    case drainBegan(open: Int?)
    /// - `left`: requests that are still in flight.
    /// - `cause`: what the log of another program says of it.
    case drainDeadlinePassed(left: Int?, cause: String? = nil)
    case drainEnded(left: Int?)
    /// The supervisor grants so much between the first signal and SIGKILL from here on.
    case graceChanged(Time?)
    /// The grace period is over: SIGKILL follows.
    case graceExpired(Time?)
}

/// Why a shutdown began.
public enum ShutdownCause: Hashable, Sendable {
    case signal(Signal)
    /// A second signal began the clean-up once more.
    case secondSignal(Signal)
    /// Anything else, in the server's own words: "POST /shutdown".
    case other(String)

    /// As it is written and shown: "SIGTERM", "second signal, SIGTERM".
    public var text: String {
        switch self {
        case .signal(let signal): signal.name
        case .secondSignal(let signal): ForcedCause.secondSignal(signal).text
        case .other(let text): text
        }
    }

    /// Reads what ``text`` wrote; the whole of it is compared.
    public init(text: String) {
        if let signal = Signal.named(text) {
            self = .signal(signal)
        } else if case .secondSignal(let signal) = ForcedCause(text: text) {
            self = .secondSignal(signal)
        } else {
            self = .other(text)
        }
    }
}

/// Why a shutdown was forced.
public enum ForcedCause: Hashable, Sendable {
    case secondSignal(Signal)
    /// The drain's limit was over.
    case drainDeadline
    /// Anything else, in the server's own words: "queue ended by itself".
    case other(String)

    /// As it is written and shown: "second signal, SIGTERM", "drain deadline".
    public var text: String {
        switch self {
        case .secondSignal(let signal): "second signal, \(signal.name)"
        case .drainDeadline: "drain deadline"
        case .other(let text): text
        }
    }

    /// Reads what ``text`` wrote; the whole of it is compared.
    public init(text: String) {
        let second = Signal.every.first { Self.secondSignal($0).text == text }
        self = second.map(Self.secondSignal) ?? (text == Self.drainDeadline.text ? .drainDeadline : .other(text))
    }
}

extension Signal {
    /// 1...64.
    fileprivate static let every = (1...64 as ClosedRange<Int32>).map(Signal.init(rawValue:))

    /// The signal whose full name this is: "SIGTERM".
    fileprivate static func named(_ name: String) -> Signal? { every.first { $0.name == name } }
}

extension ShutdownEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) {
        switch kind {
        case .shutdownBegan:
            self = .began(
                ShutdownCause(text: fields.string(.cause) ?? ""), ordinal: fields.int(.ordinal) ?? 1,
                budgets: Budgets(fields))
        case .shutdownForced: self = .forced(ForcedCause(text: fields.string(.cause) ?? ""))
        case .shutdownEnded: self = .ended(fields.word(.outcome), took: fields.time(.took))
        case .leadEnded: self = .leadEnded
        case .drainBegan: self = .drainBegan(open: fields.count(.open))
        case .drainDeadlinePassed: self = .drainDeadlinePassed(left: fields.count(.left), cause: fields.string(.cause))
        case .drainEnded: self = .drainEnded(left: fields.count(.left))
        case .graceChanged: self = .graceChanged(fields.time(.grace))
        case .graceExpired: self = .graceExpired(fields.time(.grace))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .began(let cause, let ordinal, let budgets):
            WireEvent(
                .shutdownBegan,
                Fields(
                    [.init(.cause, .string(cause.text))] + (ordinal > 1 ? [.init(.ordinal, .number(ordinal))] : [])
                        + (budgets?.fields.entries ?? [])))
        case .forced(let cause): WireEvent(.shutdownForced, [.cause: .text(cause.text)])
        case .ended(let outcome, let took):
            WireEvent(.shutdownEnded, [.outcome: .word(outcome), .took: .span(took)])
        case .leadEnded: WireEvent(.leadEnded)
        case .drainBegan(let open): WireEvent(.drainBegan, [.open: .number(open)])
        case .drainDeadlinePassed(let left, let cause):
            WireEvent(.drainDeadlinePassed, [.left: .number(left), .cause: .text(cause)])
        case .drainEnded(let left): WireEvent(.drainEnded, [.left: .number(left)])
        case .graceChanged(let grace): WireEvent(.graceChanged, [.grace: .span(grace)])
        case .graceExpired(let grace): WireEvent(.graceExpired, [.grace: .span(grace)])
        }
    }
}
