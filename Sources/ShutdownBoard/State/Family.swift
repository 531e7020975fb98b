package import ShutdownTrace

/// What the kernel shows of the server from outside: its processes, its sockets, and what may hold it up.
package struct Family: Hashable, Sendable {
    /// The processes of the run by pid, the server's own among them; at most ``mostMembers``.
    package internal(set) var members: [Int: Member] = [:]
    /// The server's connections, as somebody last counted them.
    package internal(set) var sockets: ObservationEvent.SocketCounts?
    /// What may hold the server up, by the name that it keeps.
    package internal(set) var blockers: [String: Sighting] = [:]

    /// Since the signal and until the grace period was over: processes that held the listener and ended, and new ones
    /// that hold it; also those of which nobody can see whether they do.
    var servingGone: Set<Int> = []
    var servingBorn: Set<Int> = []
    /// What each process did with signals when the first one that asks the server to stop was sent: a handler may be taken
    /// away while the process leaves.
    private(set) var masksAtSignal: [Int: SignalMasks] = [:]

    /// Processes that are new since the signal.
    var born: Set<Int> = []

    /// How long the server waited for a processor since the signal.
    var processorWaits = ProcessorWaits()

    /// Connections in the accept queue when somebody last looked before the listener closed.
    var queued = 0

    /// The last few connections and processes that held the server up and no longer do.
    var gone: [Gone] = []

    struct Gone: Hashable, Sendable {
        var sighting: Sighting
        var at: Time
    }

    static let mostMembers = 256
    static let mostBlockers = 128

    /// One process of the run, as it was last seen.
    @dynamicMemberLookup
    package struct Member: Hashable, Sendable {
        package var seen: ObservationEvent.SeenMember
        /// How it ended, once it did.
        package var end: End?

        package struct End: Hashable, Sendable {
            /// Nil where nobody could learn it.
            package var status: ExitStatus?
            package var at: Time

            package var words: String { status?.words ?? "is gone" }
        }

        package subscript<Value>(dynamicMember path: KeyPath<ObservationEvent.SeenMember, Value>) -> Value {
            seen[keyPath: path]
        }
    }

    /// One thing that was seen to hold the server up.
    package struct Sighting: Hashable, Sendable {
        package var blocker: ObservationEvent.SeenBlocker
        /// When it began to hold the server up for this cause.
        package var since: Time

        package var cause: BlockerCause { blocker.cause }
        /// The client's port.
        package var port: Int? { blocker.port }
    }

    /// The processes as a tree, each with its depth: children follow their parent, the lowest pid first.
    package var tree: [(member: Member, depth: Int)] {
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
        // A pid that the kernel used again can make a ring of parents: its members are listed too.
        for member in members.values.sorted(by: { $0.pid < $1.pid }) where !seen.contains(member.pid) {
            rows.append((member, 0))
        }
        return rows
    }

    /// The connections that were named, the longest first.
    package var connections: [Sighting] {
        blockers.values.filter(\.cause.isConnection).sorted {
            ($0.since, $0.port ?? 0) < ($1.since, $1.port ?? 0)
        }
    }

    /// The connection of a client's port, if it was named.
    func connection(from port: Int) -> Sighting? {
        blockers.values.first { $0.cause.isConnection && $0.port == port }
    }

    /// Processes that are still there.
    package var alive: Int { members.values.count { $0.end == nil } }

    mutating func markSignal() { masksAtSignal = members.mapValues(\.masks) }

    /// Takes a process as it is now; false where there are too many.
    mutating func see(_ seen: ObservationEvent.SeenMember) -> Bool {
        guard members[seen.pid] != nil || members.count < Self.mostMembers else { return false }
        members[seen.pid] = Member(seen: seen)
        return true
    }

    mutating func block(_ blocker: ObservationEvent.SeenBlocker, at time: Time) {
        let before = blockers[blocker.name]
        guard before != nil || blockers.count < Self.mostBlockers else { return }
        let isSame = before?.cause.isSame(as: blocker.cause) == true
        blockers[blocker.name] = Sighting(blocker: blocker, since: isSame ? before?.since ?? time : time)
    }

    mutating func unblock(_ name: String, at time: Time) {
        guard let sighting = blockers.removeValue(forKey: name) else { return }
        switch sighting.cause {
        case .connection, .process: gone = gone.suffix(7) + [Gone(sighting: sighting, at: time)]
        case .listener, .thread, .files, .other: break
        }
    }
}

extension BlockerCause {
    package var isConnection: Bool { if case .connection = self { true } else { false } }

    var isThread: Bool { if case .thread = self { true } else { false } }

    /// Whether a thread waits for time to pass.
    var isSleep: Bool { systemCall == "nanosleep" || systemCall == "clock_nanosleep" }

    /// Whether it is the same wait: a thread that sleeps now in one system call and now in another still waits.
    fileprivate func isSame(as other: Self) -> Bool {
        if case (.thread(.waits), .thread(.waits)) = (self, other) { return true }
        return self == other
    }
}

extension Family.Sighting {
    /// A few words for a narrow pane.
    package var words: String {
        let bytes = (blocker.count ?? 0).grouped
        return switch cause {
        case .connection(.queued): "nobody has accepted it"
        case .connection(.unread): "\(bytes) bytes not read by the server"
        case .connection(.unsent): "\(bytes) bytes not taken by its client"
        case .connection(.quiet): "no bytes under way"
        case .connection(.left): "its client has left, the server has not closed it"
        case .connection(.closing): "closed here, its client has not"
        case .process(.alive): "still runs"
        case .process(.stopped): "is stopped"
        case .process(.zombie): "has ended, its parent has not asked"
        case .thread(.uninterruptible): "in the kernel, no signal reaches it"
        case .listener: "still open"
        case .files: "\(bytes) files or sockets open"
        case .thread(.waits), .other: blocker.text
        }
    }

    /// Its name where there is little room: "conn 40212".
    var shortName: String {
        if cause.isConnection, let port { "conn \(port)" } else { blocker.name }
    }

    /// The same with its name, in at most 16 columns.
    var brief: String {
        let port = self.port.map(String.init) ?? ""
        let pid = blocker.pid.map(String.init) ?? ""
        return switch cause {
        case .connection(.quiet): "port \(port) quiet"
        case .connection(let cause): "port \(port) \(cause.rawValue)"
        case .process(.alive): "\(pid) still runs"
        case .process(let cause): "\(pid) \(cause.rawValue)"
        case .thread(.uninterruptible): "\(pid) in kernel"
        case .thread(.waits): "\(pid) waits"
        case .listener: "still listens"
        case .files: "\((blocker.count ?? 0).grouped) files open"
        case .other(_, let cause): "\(blocker.name) \(cause)"
        }
    }
}
