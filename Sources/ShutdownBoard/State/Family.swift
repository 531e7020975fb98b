public import ShutdownTrace

/// What the kernel shows of the server from outside: its processes, its sockets, and what may hold it up.
public struct Family: Hashable, Sendable {
    /// The processes of the run by pid, the server's own among them; at most ``mostMembers``.
    public internal(set) var members: [Int: Member] = [:]
    /// The server's connections, as somebody last counted them.
    public internal(set) var sockets: Sockets?
    /// What may hold the server up, by the name that it keeps.
    public internal(set) var blockers: [String: Sighting] = [:]

    /// Since the signal and until the grace period was over: processes that held the listener and ended, and new ones
    /// that hold it.
    var servingGone: Set<Int> = []
    var servingBorn: Set<Int> = []
    /// Processes that are new since the signal.
    var born: Set<Int> = []

    /// Connections in the accept queue when somebody last looked before the listener closed.
    var queued = 0

    /// The last few connections and processes that held it up and do so no more.
    var gone: [Gone] = []

    struct Gone: Hashable, Sendable {
        var name: String
        var sighting: Sighting
        var at: Time
    }

    static let mostMembers = 256
    static let mostBlockers = 128

    /// One process of the run.
    public struct Member: Hashable, Sendable {
        public var pid: Int
        public var parent: Int?
        public var command: String
        public var masks: Signals.Masks
        /// Signals that were sent to it and that it has not taken yet.
        public var pending: Set<Int32> = []
        public var threads: Int?
        /// Whether it holds the listening socket.
        public var listens: Bool
        /// How it ended, in words, once it did.
        public var end: String?
        var endedAt: Time?
    }

    public struct Sockets: Hashable, Sendable {
        /// In the accept queue, and how many that takes.
        public var waiting: Int
        public var backlog: Int?
        /// Connections that the server holds, and those of them on which nothing is under way.
        public var open: Int
        public var quiet: Int
        /// Bytes that the server has not read, and those that its clients have not taken.
        public var unread: Int
        public var unsent: Int
    }

    /// One thing that was seen to hold the server up.
    public struct Sighting: Hashable, Sendable {
        public var kind: String
        public var cause: String
        /// A sentence.
        public var text: String
        public var pid: Int?
        /// The client's port.
        public var port: Int?
        public var count: Int?
        public var since: Time
    }

    /// The processes as a tree, each with its depth: children follow their parent, the lowest pid first.
    public var tree: [(member: Member, depth: Int)] {
        let children = Dictionary(grouping: members.values) { $0.parent.flatMap { members[$0] == nil ? nil : $0 } ?? 0 }
        var rows: [(Member, Int)] = []
        var seen: Set<Int> = []
        func walk(_ parent: Int, _ depth: Int) {
            for member in (children[parent] ?? []).sorted(by: { $0.pid < $1.pid }) where !seen.contains(member.pid) {
                seen.insert(member.pid)
                rows.append((member, depth))
                walk(member.pid, depth + 1)
            }
        }
        walk(0, 0)
        // A pid that came again can close a ring: nobody is left out.
        for member in members.values.sorted(by: { $0.pid < $1.pid }) where !seen.contains(member.pid) {
            rows.append((member, 0))
        }
        return rows
    }

    /// The connections that were named, the longest first.
    public var connections: [Sighting] {
        blockers.values.filter { $0.kind == "connection" }.sorted {
            ($0.since, $0.port ?? 0) < ($1.since, $1.port ?? 0)
        }
    }

    /// Processes that are still there.
    public var alive: Int { members.values.count { $0.end == nil } }
}

extension Family.Sighting {
    /// A few words for a narrow pane.
    public var words: String {
        let bytes = (count ?? 0).grouped
        return switch (kind, cause) {
        case ("connection", "queued"): "nobody has accepted it"
        case ("connection", "unread"): "\(bytes) bytes not read by the server"
        case ("connection", "unsent"): "\(bytes) bytes not taken by its client"
        case ("connection", "quiet"): "idle or busy"
        case ("connection", "left"): "its client has left, the server has not closed it"
        case ("connection", "closing"): "closed here, its client has not"
        case ("process", "alive"): "still runs"
        case ("process", "stopped"): "is stopped"
        case ("process", "zombie"): "has ended, its parent has not asked"
        case ("thread", "uninterruptible"): "in the kernel, no signal reaches it"
        case ("listener", "open"): "still open"
        case ("files", "open"): "\(bytes) files or sockets open"
        default: text
        }
    }

    /// The same with its name, in at most 16 columns.
    func brief(_ name: String) -> String {
        let id = (kind == "connection" ? port : pid).map(String.init) ?? ""
        return switch (kind, cause) {
        case ("connection", "quiet"): "port \(id) idle"
        case ("connection", _): "port \(id) \(cause)"
        case ("process", "stopped"), ("process", "zombie"): "\(id) \(cause)"
        case ("process", _): "\(id) still runs"
        case ("thread", "uninterruptible"): "\(id) in kernel"
        case ("thread", _): "\(id) \(cause)"
        case ("listener", _): "still listens"
        case ("files", _): "\((count ?? 0).grouped) files open"
        default: "\(name) \(cause)"
        }
    }
}
