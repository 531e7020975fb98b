/// What the kernel shows of any server, without its help.
///
/// The large and rare cases are indirect: a ``Payload`` is passed from hand to hand for every event.
public enum ObservationEvent: Hashable, Sendable {
    /// A process of the run; again, whole, when something about it changed.
    indirect case memberSeen(SeenMember)
    /// A process of the run ended; without a status where nobody could learn it.
    case memberGone(pid: Int, ExitStatus?)
    /// A socket listens on the port.
    case listenerSeen(port: Int?)
    case listenerGone(port: Int?)
    case socketsSeen(SocketCounts)
    /// Something that may hold the server up; again when its cause changed.
    indirect case blockerSeen(SeenBlocker)
    case blockerGone(name: String)
    /// The longest time for which one thread of the server has waited for a processor since the signal.
    case processorAwaited(Time)

    /// A process of the run.
    public struct SeenMember: Hashable, Sendable {
        public var pid: Int
        public var parent: Int?
        public var command: String
        public var threads: Int?
        public var masks: SignalMasks
        /// Signals that were sent and not taken yet.
        public var pending: SignalSet
        /// Whether it holds the listening socket; nil where nobody could see it.
        public var listens: Bool?

        public init(
            pid: Int, parent: Int? = nil, command: String, threads: Int? = nil, masks: SignalMasks = SignalMasks(),
            pending: SignalSet = [], listens: Bool? = false
        ) {
            self.pid = pid
            self.parent = parent
            self.command = command
            self.threads = threads
            self.masks = masks
            self.pending = pending
            self.listens = listens
        }
    }

    /// The server's connections, counted.
    public struct SocketCounts: Hashable, Sendable {
        /// Connections in the accept queue.
        public var waiting: Int
        /// How many connections the accept queue takes.
        public var backlog: Int?
        /// Connections that the server holds.
        public var open: Int
        /// Connections with no byte under way in either direction.
        public var quiet: Int
        /// Bytes that the server has not read, over all connections.
        public var unread: Int
        /// Bytes that the clients have not taken, over all connections.
        public var unsent: Int

        public init(
            waiting: Int = 0, backlog: Int? = nil, open: Int = 0, quiet: Int = 0, unread: Int = 0, unsent: Int = 0
        ) {
            self.waiting = waiting
            self.backlog = backlog
            self.open = open
            self.quiet = quiet
            self.unread = unread
            self.unsent = unsent
        }
    }

    /// Something that may hold the server up.
    public struct SeenBlocker: Hashable, Sendable {
        /// The same as long as the thing is: "connection 40212", "process 812".
        public var name: String
        public var cause: BlockerCause
        /// A sentence for a reader of the trace.
        public var text: String
        /// The client's port, or the port that the server listens on.
        public var port: Int?
        public var pid: Int?
        /// Bytes, or files.
        public var count: Int?
        /// A deleted file that is still open.
        public var file: String?

        public init(
            name: String, cause: BlockerCause, text: String, port: Int? = nil, pid: Int? = nil, count: Int? = nil,
            file: String? = nil
        ) {
            self.name = name
            self.cause = cause
            self.text = text
            self.port = port
            self.pid = pid
            self.count = count
            self.file = file
        }
    }
}

extension ObservationEvent: EventFamily {
    init?(_ kind: EventKind, _ fields: Fields, from source: Source) throws(Payload.Missing) {
        switch kind {
        case .memberSeen: self = .memberSeen(try SeenMember(fields))
        case .memberGone: self = .memberGone(pid: try fields.needInt(.pid), ExitStatus(fields))
        case .listenerSeen: self = .listenerSeen(port: fields.int(.port))
        case .listenerGone: self = .listenerGone(port: fields.int(.port))
        case .socketsSeen: self = .socketsSeen(SocketCounts(fields))
        case .blockerSeen: self = .blockerSeen(try SeenBlocker(fields))
        case .blockerGone: self = .blockerGone(name: try fields.need(.name, fields.string(.name)))
        case .processorAwaited: self = .processorAwaited(try fields.need(.took, fields.time(.took)))
        default: return nil
        }
    }

    var wire: WireEvent {
        switch self {
        case .memberSeen(let member): member.wire
        case .memberGone(let pid, let status):
            WireEvent(
                .memberGone, Fields([.init(.pid, .number(pid))] + (status?.fields ?? [.how: "unknown"]).entries))
        case .listenerSeen(let port): WireEvent(.listenerSeen, [.port: .number(port)])
        case .listenerGone(let port): WireEvent(.listenerGone, [.port: .number(port)])
        case .socketsSeen(let counts): counts.wire
        case .blockerSeen(let blocker): blocker.wire
        case .blockerGone(let name): WireEvent(.blockerGone, [.name: .text(name)])
        case .processorAwaited(let time): WireEvent(.processorAwaited, [.took: .span(time)])
        }
    }
}

extension ObservationEvent.SeenMember {
    fileprivate init(_ fields: Fields) throws(Payload.Missing) {
        self.init(
            pid: try fields.needInt(.pid), parent: fields.int(.parent), command: fields.string(.command) ?? "",
            threads: fields.count(.threads), masks: SignalMasks(fields), pending: fields.signals(.pending),
            listens: fields.bool(.listens))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .memberSeen,
            [
                .pid: .number(pid), .parent: .number(parent), .command: .text(command), .threads: .number(threads),
                .caught: .signals(masks.caught), .ignored: .signals(masks.ignored), .blocked: .signals(masks.blocked),
                .pending: pending.isEmpty ? nil : .signals(pending), .listens: .flag(listens),
            ])
    }
}

extension ObservationEvent.SocketCounts {
    fileprivate init(_ fields: Fields) {
        self.init(
            waiting: fields.count(.waiting) ?? 0, backlog: fields.count(.backlog), open: fields.count(.open) ?? 0,
            quiet: fields.count(.quiet) ?? 0, unread: fields.count(.unread) ?? 0, unsent: fields.count(.unsent) ?? 0)
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .socketsSeen,
            [
                .waiting: .number(waiting), .backlog: .number(backlog), .open: .number(open), .quiet: .number(quiet),
                .unread: .number(unread), .unsent: .number(unsent),
            ])
    }
}

extension ObservationEvent.SeenBlocker {
    fileprivate init(_ fields: Fields) throws(Payload.Missing) {
        self.init(
            name: try fields.need(.name, fields.string(.name)), cause: BlockerCause(fields),
            text: fields.string(.text) ?? "", port: fields.int(.port), pid: fields.int(.pid),
            count: fields.count(.count), file: fields.string(.file))
    }

    fileprivate var wire: WireEvent {
        WireEvent(
            .blockerSeen,
            [
                .name: .text(name), .kind: .text(cause.wire.kind), .cause: .text(cause.wire.cause),
                .call: .text(cause.systemCall), .port: .number(port), .pid: .number(pid), .count: .number(count),
                .file: .text(file), .text: .text(text),
            ])
    }
}
