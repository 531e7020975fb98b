/// What kind of thing holds a server up, and how; `TraceFormat.md` describes each.
public enum BlockerCause: Hashable, Sendable {
    case connection(Connection)
    /// The server still listens.
    case listener
    case process(Process)
    case thread(Thread)
    /// Files, sockets to others and pipes are still open.
    case files
    /// A kind or cause that this version does not know.
    case other(kind: String, cause: String)

    public enum Connection: String, Hashable, Sendable, CaseIterable {
        case queued, unread, unsent, quiet, left, closing
    }

    public enum Process: String, Hashable, Sendable, CaseIterable {
        case alive, stopped, zombie
    }

    public enum Thread: Hashable, Sendable {
        /// State D: no signal reaches it.
        case uninterruptible
        /// It sleeps in this system call, by its name in syscalls(2); nil where a trace does not say.
        case waits(call: String?)
    }

    /// The system call that a thread sleeps in.
    public var systemCall: String? { if case .thread(.waits(let call)) = self { call } else { nil } }

    /// As it is written.
    var wire: (kind: String, cause: String) {
        switch self {
        case .connection(let cause): ("connection", cause.rawValue)
        case .listener: ("listener", "open")
        case .process(let cause): ("process", cause.rawValue)
        case .thread(.uninterruptible): ("thread", "uninterruptible")
        case .thread(.waits): ("thread", "waits")
        case .files: ("files", "open")
        case .other(let kind, let cause): (kind, cause)
        }
    }

    init(_ fields: Fields) {
        let kind = fields.string(.kind) ?? ""
        let cause = fields.string(.cause) ?? ""
        let known: Self? =
            switch kind {
            case "connection": Connection(rawValue: cause).map(Self.connection)
            case "process": Process(rawValue: cause).map(Self.process)
            case "thread" where cause == "uninterruptible": .thread(.uninterruptible)
            case "thread" where cause == "waits": .thread(.waits(call: fields.string(.call) ?? Self.call(in: fields)))
            case "listener" where cause == "open": .listener
            case "files" where cause == "open": .files
            default: nil
            }
        self = known ?? .other(kind: kind, cause: cause)
    }

    /// The word in parentheses: traces from before there was a field for the system call have it in their text.
    private static func call(in fields: Fields) -> String? {
        guard let text = fields.string(.text), let start = text.firstIndex(of: "("),
            let end = text[start...].firstIndex(of: ")")
        else { return nil }
        return String(text[text.index(after: start)..<end])
    }
}
