/// Signals: who stands ready for them, who sent one, and who received it.
public enum SignalEvent: Hashable, Sendable {
    /// The server says that its handlers stand.
    case armed(caught: SignalSet)
    /// The kernel's word, from `/proc/PID/status`.
    case seen(SignalMasks)
    case sent(SentSignal)
    /// The server says that a signal came: `ordinal` counts all that came so far, `sender` is the si_pid.
    case received(Signal, ordinal: Int? = nil, sender: Int? = nil)
    /// The server says that the default actions rule again.
    case restored

    /// A signal that was sent.
    public struct SentSignal: Hashable, Sendable {
        public var signal: Signal
        public var pid: Int?
        public var by: SignalSender?
        public var target: SignalTarget

        public init(_ signal: Signal, pid: Int?, by sender: SignalSender?, target: SignalTarget = .process) {
            self.signal = signal
            self.pid = pid
            self.by = sender
            self.target = target
        }
    }
}

/// Who, or what, sent a signal to the server.
public enum SignalSender: Hashable, Sendable, RawRepresentable {
    /// A person at a key.
    case person
    /// A run without a screen, by its schedule.
    case check
    /// The supervisor, because the grace period was over.
    case grace
    /// Drainboard's own clean-up after the run.
    case cleanup
    /// A program that Drainboard did not start.
    case outside
    /// Another program by its name, as a log tells it: systemd, docker.
    case other(String)

    public init(rawValue: String) {
        switch rawValue {
        case "user": self = .person
        case "check": self = .check
        case "grace": self = .grace
        case "cleanup": self = .cleanup
        case "outside": self = .outside
        default: self = .other(rawValue)
        }
    }

    public var rawValue: String {
        switch self {
        case .person: "user"
        case .check: "check"
        case .grace: "grace"
        case .cleanup: "cleanup"
        case .outside: "outside"
        case .other(let name): name
        }
    }
}

extension SignalEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        switch kind {
        case .signalsArmed: self = .armed(caught: fields.signals(.caught))
        case .signalsSeen: self = .seen(SignalMasks(fields))
        case .signalSent:
            self = .sent(
                SentSignal(
                    try fields.need(.signal, fields.signal(.signal)), pid: fields.int(.pid), by: fields.word(.by),
                    target: fields.word(.target) ?? .process))
        case .signalReceived:
            self = .received(
                try fields.need(.signal, fields.signal(.signal)), ordinal: fields.int(.ordinal),
                sender: fields.int(.sender))
        case .signalsRestored: self = .restored
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .armed(let caught): WireEvent(.signalsArmed, [.caught: .signals(caught)])
        case .seen(let masks): WireEvent(.signalsSeen, masks.entries)
        case .sent(let sent):
            WireEvent(
                .signalSent,
                [
                    .signal: .number(Int(sent.signal.rawValue)), .pid: .number(sent.pid), .by: .word(sent.by),
                    .target: sent.target == .group ? .word(sent.target) : nil,
                ])
        case .received(let signal, let ordinal, let sender):
            WireEvent(
                .signalReceived,
                [.signal: .number(Int(signal.rawValue)), .ordinal: .number(ordinal), .sender: .number(sender)])
        case .restored: WireEvent(.signalsRestored)
        }
    }
}

extension SignalMasks {
    /// The three lists of `signals.seen`.
    var entries: KeyValuePairs<Fields.Key, Fields.Value?> {
        [.caught: .signals(caught), .ignored: .signals(ignored), .blocked: .signals(blocked)]
    }
}
