import Glibc
import Platform
import ShutdownTrace

/// Looks at a server's sockets and processes, and reports what is new since the last look.
struct ProcessSnapshotter: ~Copyable {
    private let isAlone: Bool
    private let reporter: Reporter
    private var source: SocketSource
    private(set) var tree: ProcessTree
    private var blockers: ServerBlockers
    private var sockets = Sockets()
    private var counts: ObservationEvent.SocketCounts?
    /// The server has listened once: before that there is nothing to count.
    private var hasListened = false
    /// When all processes of the machine were looked at last.
    private var searchedAt: Time?

    /// A look at all processes takes 14 µs for each, and finds only those that hid from every other look.
    private static let searchInterval = Time.seconds(5)

    init(server: Int, port: Int, mark: String, isAlone: Bool, _ reporter: Reporter) {
        self.isAlone = isAlone
        self.reporter = reporter
        source = SocketSource(port: port, isSeeking: isAlone, reporter)
        tree = ProcessTree(server: server, mark: mark)
        blockers = ServerBlockers(server: server)
    }

    var isListening: Bool { sockets.isListening }

    var ports: [Int] { sockets.ports.sorted() }

    /// The descriptors of the members; one is readable when its member has ended.
    var descriptors: [Int32] { tree.members.values.map(\.descriptor.number) }

    /// Looks, and reports what is new, unless the server's process has ended meanwhile: that is reported elsewhere.
    mutating func look(_ depth: PollSchedule.Depth, at now: Time, isStopping: Bool, isAlive: () -> Bool) {
        if depth > .listener { source.seek(among: tree.members.keys.sorted()) }
        let found = source.look(isWide: depth > .listener) ?? sockets
        let isNew = found.listeners != sockets.listeners
        guard depth > .listener || isNew else { return }
        let changes = lookAtTree(depth, found.listeners, isDue: isNew || isStopping && depth == .all, at: now)
        // The sockets of a process that is ending close before it has ended.
        guard isAlive(), ProcFS.Stat(pid: tree.server)?.isExiting == false else { return }
        let before = sockets
        sockets.listeners = found.listeners
        sockets.ports = found.ports
        hasListened = hasListened || found.isListening
        tell(changes, at: now)
        if found.isListening != before.isListening {
            let port = source.mainPort(of: found.ports.union(before.ports))
            tell([found.isListening ? .listenerSeen(port: port) : .listenerGone(port: port)], at: now)
        }
        guard depth > .listener else { return }
        sockets = found
        tellCounts(at: now)
        if isStopping {
            let port = sockets.isListening ? source.mainPort(of: sockets.ports) : nil
            let events = blockers.take(
                sockets, tree, port: port, areQuietTold: isAlone, isDeep: depth == .all, at: now)
            tell(events, at: now)
        } else if isAlone {
            tell(blockers.take(sockets), at: now)
        }
    }

    /// Looks at the processes alone, and at the handlers of each, however young its last report is.
    mutating func lookAtHandlers(at now: Time) {
        tell(tree.look(isThorough: false, at: now), at: now)
        tell(tree.reread(at: now), at: now)
    }

    /// Who listens on the port at one of these addresses while no process of the server does.
    mutating func stranger(on port: Int, at addresses: [String], now: Time) -> Occupant? {
        PortOwner.stranger(on: port, at: addresses) {
            tell(tree.look(isThorough: true, at: now), at: now)
            return tree
        }
    }

    /// Looks at the processes, and into their descriptors for the listening sockets where that is due.
    private mutating func lookAtTree(
        _ depth: PollSchedule.Depth, _ listeners: [Int], isDue: Bool, at now: Time
    ) -> [ProcessTree.Change] {
        let isThorough = depth == .all && searchedAt.map { now - $0 >= Self.searchInterval } ?? true
        if isThorough { searchedAt = now }
        let changes = tree.look(isThorough: isThorough, at: now)
        guard isDue || changes.contains(where: \.isArrival) else { return changes }
        source.forgetOwners()
        // Of two reports about a member, the later one counts.
        let listening = tree.listen(on: listeners, at: now)
        let later = Set(listening.map(\.member.pid))
        return changes.filter { !$0.isArrival || !later.contains($0.member.pid) } + listening
    }

    // MARK: After the server's end

    /// Whether processes that outlived the server's own are still on their way out.
    mutating func isLeaving(after signal: AskedToStop) -> Bool {
        let now = reporter.clock.now
        // The parent is gone: a child that nobody has seen yet is only found among all processes.
        tell(tree.look(isThorough: tree.others.isEmpty, at: now), at: now)
        guard !tree.others.isEmpty else { return false }
        tell(tree.listen(on: source.look(isWide: false)?.listeners ?? [], at: now), at: now)
        return tree.isLeaving(after: signal)
    }

    /// The processes that live on after the server has ended; a process that is about to end has 50 ms to do so.
    mutating func leftBehind() -> [Member] {
        let start = reporter.clock.now
        tell(tree.look(isThorough: true, at: start), at: start)
        while !tree.others.isEmpty, reporter.clock.now - start < .milliseconds(50) {
            var waits = tree.others.map { pollfd(fd: $0.descriptor.number, events: Int16(POLLIN), revents: 0) }
            let left = Time.milliseconds(50) - (reporter.clock.now - start)
            poll(&waits, nfds_t(waits.count), Int32(max(1, left.milliseconds)))
            let now = reporter.clock.now
            tell(tree.look(isThorough: false, at: now), at: now)
        }
        let listeners = source.look(isWide: false)?.listeners ?? []
        let now = reporter.clock.now
        tell(tree.listen(on: listeners, at: now), at: now)
        return tree.others
    }

    mutating func killLeftBehind() {
        let reporter = reporter
        let server = tree.server
        tree.killOthers({ reporter.clock.now }) { Self.tell($0, at: $1, of: server, reporter) }
    }

    // MARK: Reports

    private func tell(_ changes: [ProcessTree.Change], at time: Time) {
        Self.tell(changes, at: time, of: tree.server, reporter)
    }

    private static func tell(_ changes: [ProcessTree.Change], at time: Time, of server: Int, _ reporter: Reporter) {
        for change in changes {
            switch change {
            case .seen(let member): reporter.tell(.observation(.memberSeen(member.event)), from: .kernel, at: time)
            case .gone(let member, let end) where member.pid != server:
                reporter.tell(.observation(.memberGone(pid: member.pid, end)), from: .kernel, at: time)
            case .gone: break
            }
        }
    }

    private func tell(_ events: [ObservationEvent], at time: Time) {
        for event in events { reporter.tell(.observation(event), from: .kernel, at: time) }
    }

    private mutating func tellCounts(at time: Time) {
        let now = sockets.counts
        guard now != counts, hasListened else { return }
        counts = now
        tell([.socketsSeen(now)], at: time)
    }
}

extension ProcessTree.Change {
    fileprivate var member: Member {
        switch self {
        case .seen(let member), .gone(let member, _): member
        }
    }

    fileprivate var isArrival: Bool { if case .seen = self { true } else { false } }
}
