import Glibc
import Platform
package import ShutdownTrace

/// What a witness has seen so far, and what is news.
struct Sight: ~Copyable {
    /// The server's, or the one that it was offered.
    private let port: Int
    /// Whether it may listen on ports of its own choice, which are searched for.
    private let isSeeking: Bool
    /// The machine's listening sockets when the server's were searched among them.
    private var sought: [Int: Int]?
    private let reporter: Reporter
    private var diag: SocketDiag?
    /// Why sockets cannot be seen, until it was told.
    private var blindness: SocketDiag.Failure?
    private(set) var family: Family
    private var sockets = Sockets()
    private var counts: Sockets.Counts?
    /// Somebody listened at some time: before that there is nothing to count.
    private var hasListened = false
    private var connections = Blockers(limit: 16)
    private var processes = Blockers(limit: 16)
    private var listener = Blockers(limit: 1)
    /// The first look after a signal that asks the server to stop.
    private var stoppingSince: Time?
    /// Connections on which nothing is under way may hold it up once nobody listens, or after so long.
    private static let patience = Time.seconds(1)
    private var sleepers = Sleepers()
    private var processorWaits = ProcessorWaits()
    /// When all processes of the machine were looked at last: that takes 14 µs for each of them, and finds only those
    /// that hid from every other look.
    private var searchedAt: Time?
    private static let searchInterval = Time.seconds(5)
    /// The process that listens, or did.
    private var serving: Int

    init(server: Int, port: Int, mark: String, isSeeking: Bool, _ reporter: Reporter) {
        (self.port, self.isSeeking, self.reporter, serving) = (port, isSeeking, reporter, server)
        family = Family(server: server, mark: mark)
        do {
            diag = try SocketDiag(port: port)
        } catch {
            (diag, blindness) = (nil, error)
        }
    }

    var isListening: Bool { sockets.isListening }

    /// The ports on which it listens, the lowest first.
    var ports: [Int] { sockets.ports.sorted() }

    /// Of the members: readable when one has ended.
    var descriptors: [Int32] { family.members.values.map(\.descriptor.number) }

    /// Looks, and tells what is news, unless the server's process has ended meanwhile: of that others tell.
    mutating func look(_ look: Pace.Look, at now: Time, isStopping: Bool, isAlive: () -> Bool) {
        if isSeeking, look.depth > .listener { seek() }
        let found = lookAtSockets(isWide: look.depth > .listener) ?? sockets
        let isNew = found.listeners != sockets.listeners
        guard look.depth > .listener || isNew else { return }
        let changes = lookAtFamily(look, found.listeners, isDue: isNew || isStopping && look.depth == .all, at: now)
        // The sockets of a process that is ending close before it has ended.
        guard isAlive(), ProcFS.Stat(pid: family.server)?.isExiting == false else { return }
        let (wasListening, before) = (sockets.isListening, sockets.ports)
        (sockets.listeners, sockets.ports) = (found.listeners, found.ports)
        hasListened = hasListened || found.isListening
        tell(changes, at: now)
        if found.isListening != wasListening {
            let port = mainPort(of: found.ports.union(before))
            tell([found.isListening ? .listenerSeen(port: port) : .listenerGone(port: port)], at: now)
        }
        guard look.depth > .listener else { return }
        sockets = found
        tellCounts(at: now)
        if isStopping { tellBlockers(look, at: now) } else if isSeeking { tellConnections(at: now) }
    }

    /// Finds the ports on which the server listens.
    ///
    /// What listens on the machine is known for 20 µs; whose it is, is asked only when something of that is new.
    private mutating func seek() {
        guard let diag, let all = try? diag.listeners(), all != sought else { return }
        sought = all
        let ports = ListeningPorts.held(by: family.members.keys.sorted(), of: all)
        // Those that it has left are looked at as before: connections stay when a listener goes.
        diag.ports = (ports + diag.ports.filter { $0 != port && !ports.contains($0) }).prefix(8).map { $0 }
        if diag.ports.isEmpty { diag.ports = [port] }
    }

    /// The one that is told where there are several.
    private func mainPort(of ports: Set<Int>) -> Int { ports.contains(port) ? port : ports.min() ?? port }

    /// Looks at the processes, and into their descriptors for the listening sockets where that is due.
    private mutating func lookAtFamily(
        _ look: Pace.Look, _ listeners: [Int], isDue: Bool, at now: Time
    ) -> [Family.Change] {
        let isThorough = look.depth == .all && searchedAt.map { now - $0 >= Self.searchInterval } ?? true
        if isThorough { searchedAt = now }
        let changes = family.look(isThorough: isThorough, at: now)
        guard isDue || changes.contains(where: \.isArrival) else { return changes }
        sought = nil
        return Self.merged(changes, family.listen(on: listeners, at: now))
    }

    /// Nil where the kernel does not show them: then nothing is known, which is not the same as nothing being there.
    private mutating func lookAtSockets(isWide: Bool) -> Sockets? {
        if let blindness {
            self.blindness = nil
            reporter.fault(
                "The kernel does not show its sockets here (\(String(cString: strerror(blindness.errno)))). "
                    + "The run goes on without them.")
        }
        do {
            return try diag?.look(connections: isWide)
        } catch {
            // A dump that was broken off leaves pieces behind; whoever asks again must not take them for the answer.
            (diag, blindness) = (nil, error)
            return nil
        }
    }

    /// Those that live on after the server has ended; whoever was about to end anyway has 50 ms to do so.
    mutating func leftBehind() -> [Member] {
        let start = reporter.clock.now
        tell(family.look(isThorough: true, at: start), at: start)
        while !others.isEmpty, reporter.clock.now - start < .milliseconds(50) {
            var waits = others.map { pollfd(fd: $0.descriptor.number, events: Int16(POLLIN), revents: 0) }
            let left = Time.milliseconds(50) - (reporter.clock.now - start)
            poll(&waits, nfds_t(waits.count), Int32(max(1, left.milliseconds)))
            let now = reporter.clock.now
            tell(family.look(isThorough: false, at: now), at: now)
        }
        let listeners = lookAtSockets(isWide: false)?.listeners ?? []
        let now = reporter.clock.now
        tell(family.listen(on: listeners, at: now), at: now)
        return others
    }

    mutating func killLeftBehind() {
        for _ in 0..<20 {
            let now = reporter.clock.now
            tell(family.look(isThorough: true, at: now), at: now)
            guard !others.isEmpty else { return }
            for member in others { member.send(.kill) }
            usleep(2_000)
        }
    }

    private var others: [Member] {
        family.members.values.filter { $0.pid != family.server }.sorted { $0.pid < $1.pid }
    }

    private func tell(_ changes: [Family.Change], at time: Time) {
        for change in changes {
            switch change {
            case .seen(let member): tell([.memberSeen(member.event)], at: time)
            case .gone(let member, let end):
                if member.pid != family.server { tell([.memberGone(pid: member.pid, end)], at: time) }
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
        tell(
            [
                .socketsSeen(
                    .init(
                        waiting: now.waiting, backlog: now.backlog, open: now.open, quiet: now.quiet,
                        unread: now.unread, unsent: now.unsent))
            ], at: time)
    }

    private mutating func tellBlockers(_ look: Pace.Look, at time: Time) {
        let since = stoppingSince ?? time
        stoppingSince = since
        // Where they were named before, they stay so.
        let isWaiting = isSeeking || !sockets.isListening || time - since >= Self.patience
        let relevant = isWaiting ? sockets.connections : sockets.connections.filter { $0.cause != .quiet }
        var events = connections.take(relevant) + processes.take(family)
        events += listener.take(listening: sockets.isListening ? mainPort(of: sockets.ports) : nil)
        if let wait = processorWaits.look(at: family.members.keys.sorted()) { events.append(.processorAwaited(wait)) }
        if look.depth == .all {
            let listening = family.members.values.filter { $0.facts.listens == true }.map(\.pid).sorted()
            if !listening.contains(serving), let first = listening.first { serving = first }
            let member = family.members[serving] ?? family.members[family.server]
            if let member { events += sleepers.look(at: member, isIdle: sockets.connections.isEmpty) }
        }
        tell(events, at: time)
    }

    /// Those of a server that nobody here asks: they are all there is to see of its work.
    private mutating func tellConnections(at time: Time) {
        tell(connections.take(sockets.connections), at: time)
    }

    /// One event a member: the later word of two.
    private static func merged(_ first: [Family.Change], _ second: [Family.Change]) -> [Family.Change] {
        let later = Set(second.map(\.member.pid))
        return first.filter { !$0.isArrival || !later.contains($0.member.pid) } + second
    }
}

extension Family.Change {
    fileprivate var member: Member {
        switch self {
        case .seen(let member), .gone(let member, _): member
        }
    }

    fileprivate var isArrival: Bool { if case .seen = self { true } else { false } }
}

extension Member {
    /// As `member.seen` tells of it.
    package var event: ObservationEvent.SeenMember {
        ObservationEvent.SeenMember(
            pid: pid, parent: facts.parent, command: facts.command, threads: stat.threads,
            masks: SignalMasks(facts.signals), pending: SignalSet(rawValue: facts.signals.pending),
            listens: facts.listens)
    }
}
