import Glibc
import Platform
package import ShutdownTrace

/// The processes of a run: which are alive, and how the others ended.
///
/// A process is a member when it carries the run's mark in its environment, is in a process group or session that a member
/// leads, or is the child of a living member. It stays one, whatever it does to its environment, group and parent. Its
/// start time tells it from a stranger that gets its pid later.
package struct ProcessTree: Sendable {
    package enum Change: Sendable {
        /// A member is new or has changed since it was reported.
        case seen(Member)
        /// A member ended; the status is nil when the kernel does not say how.
        case gone(Member, ExitStatus?)
    }

    package let server: Int
    /// `NAME=value` in the environment of the server.
    package let mark: String
    package private(set) var members: [Int: Member] = [:]
    /// Members that have ended and that nobody has waited for.
    private(set) var zombies: [Int: Member] = [:]

    /// Members that were seen to listen.
    private var servers: Set<Int> = []
    /// Members that were seen on their way out after a signal.
    private var leaving: Set<Int> = []
    /// The groups and sessions that a member leads or led, and the start time of that member.
    private var led: [Int: Int] = [:]
    /// Start times of processes that are no members by their mark, so that they are not searched for it again.
    private var strangers: [Int: Int] = [:]
    /// The newest pids at the last two looks; pids since the earlier of them are searched.
    private var searched: (earlier: Int, last: Int)?
    /// Where the next look begins to read members again.
    private var turn = 0

    /// The most members that are followed; others are found when these are gone.
    package static let most = 1_024
    /// Members that one look reads again.
    static let refreshed = 48
    /// Members whose descriptors one look reads.
    package static let opened = 128

    package init(server: Int, mark: String) {
        self.server = server
        self.mark = mark
    }

    /// Looks for new members, for ends and for changes.
    ///
    /// A thorough look is at every process of the machine, not only at those that were started since the last look.
    package mutating func look(isThorough: Bool, at time: Time) -> [Change] {
        let ended = takeEnded()
        let new = search(isThorough: isThorough, at: time)
        led = led.filter { group, _ in
            // Nobody reaps the server's process while the run lasts, so its pid is its own.
            group == server || members.values.contains { $0.stat.group == group || $0.stat.session == group }
        }
        return new + refresh(at: time) + ended
    }

    mutating func takeEnded() -> [Change] {
        zombies = zombies.filter { ProcFS.Stat(pid: $0.key)?.start == $0.value.start }
        var polled = members.values.map { (pid: $0.pid, descriptor: $0.descriptor.number) }
        polled.sort { $0.pid < $1.pid }
        var waits = polled.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&waits, nfds_t(waits.count), 0) > 0 else { return [] }
        return zip(polled, waits).compactMap { polled, wait in
            guard wait.revents != 0, let member = members.removeValue(forKey: polled.pid) else { return nil }
            let end = member.end
            if ProcFS.Stat(pid: member.pid)?.start == member.start { zombies[member.pid] = member }
            return .gone(member, end)
        }
    }

    /// Notes which members hold one of these sockets, and returns those for which that is new.
    package mutating func listen(on inodes: [Int], at time: Time) -> [Change] {
        let names = Set(inodes.map { "socket:[\($0)]" })
        return members.values.sorted { $0.pid < $1.pid }.prefix(Self.opened).compactMap { member in
            var member = member
            let listens = names.isEmpty ? false : ProcFS.descriptors(of: member.pid, haveOneOf: names)
            if listens == true { servers.insert(member.pid) }
            guard listens != member.facts.listens, member.refresh() else { return nil }
            member.facts.listens = listens
            member.told = (member.facts, time)
            members[member.pid] = member
            return .seen(member)
        }
    }

    /// Whether a member holds one of these sockets; nil where none is seen to, and a member's descriptors are hidden.
    func holds(_ inodes: [Int]) -> Bool? {
        let names = Set(inodes.map { "socket:[\($0)]" })
        let answers = members.values.map { ProcFS.descriptors(of: $0.pid, haveOneOf: names) }
        if answers.contains(true) { return true }
        return answers.contains(nil) || members.count >= Self.most ? nil : false
    }

    /// The living members besides the server's own process.
    package var others: [Member] { members.values.filter { $0.pid != server }.sorted { $0.pid < $1.pid } }

    /// Whether a member besides the server's own process is on its way out after a signal: it has stopped listening, or
    /// it is one of the group that got the signal and does not ignore it.
    ///
    /// It stays so until it has ended: an interpreter gives up its handlers before it exits.
    mutating func isLeaving(after signal: AskedToStop) -> Bool {
        let others = others
        for member in others where hasBegunToLeave(member, after: signal) { leaving.insert(member.pid) }
        return others.contains { leaving.contains($0.pid) }
    }

    private func hasBegunToLeave(_ member: Member, after signal: AskedToStop) -> Bool {
        if servers.contains(member.pid), member.facts.listens == false { return true }
        return signal.target == .group && member.stat.group == server
            && SignalMasks(member.facts.signals).caught.contains(signal.signal)
    }

    /// Kills the members besides the server's own process, each by its own descriptor.
    ///
    /// A process that forks while it dies gets a few more rounds; `notice` gets what each round found.
    package mutating func killOthers(_ now: () -> Time, notice: ([Change], Time) -> Void = { _, _ in }) {
        for _ in 0..<20 {
            let time = now()
            notice(look(isThorough: true, at: time), time)
            guard !others.isEmpty else { return }
            for member in others { member.send(.kill) }
            usleep(2_000)
        }
    }

    /// Reads members again whose last report is too young for another one: for a moment at which their handlers count.
    mutating func reread(at time: Time) -> [Change] {
        members.keys.sorted().prefix(Self.refreshed).compactMap { pid in
            guard var member = members[pid], member.refresh(), member.facts != member.told.facts else { return nil }
            member.told = (member.facts, time)
            members[pid] = member
            return .seen(member)
        }
    }

    private mutating func refresh(at time: Time) -> [Change] {
        let pids = members.keys.sorted()
        let few = pids.indices.prefix(Self.refreshed).map { pids[(turn + $0) % pids.count] }
        turn = pids.isEmpty ? 0 : (turn + few.count) % pids.count
        return few.compactMap { pid in
            guard var member = members[pid], member.refresh() else { return nil }
            let isNews = member.isNews(at: time)
            if isNews { member.told = (member.facts, time) }
            members[pid] = member
            return isNews ? .seen(member) : nil
        }
    }

    private mutating func search(isThorough: Bool, at time: Time) -> [Change] {
        // A leader's pid that belongs to another process now: the group has died out before.
        led = led.filter { pid, start in ProcFS.Stat(pid: pid).map { $0.start == start } ?? true }
        var candidates = pids(isThorough: isThorough).compactMap { pid -> ProcFS.Stat? in
            guard members[pid] == nil, let stat = ProcFS.Stat(pid: pid), !stat.isOver else { return nil }
            return stat
        }
        let me = Int(getpid())
        candidates.removeAll { $0.pid == me || $0.parent == 0 || $0.parent == 2 }
        var found: [Change] = []
        let known = strangers
        var isFirst = true
        // A new member may be the parent of a candidate with a lower pid, so the search repeats until it finds none.
        while true {
            let count = found.count
            candidates.removeAll { stat in
                guard members.count < Self.most else { return true }
                guard belongs(stat) || isFirst && known[stat.pid] != stat.start && carriesMark(stat.pid) else {
                    return false
                }
                if let change = adopt(stat, at: time) { found.append(change) }
                return true
            }
            isFirst = false
            if found.count == count { break }
        }
        if isThorough { strangers = [:] }
        for stat in candidates { strangers[stat.pid] = stat.start }
        return found
    }

    private func carriesMark(_ pid: Int) -> Bool { ProcFS.environment(of: pid, has: mark) }

    private func belongs(_ stat: ProcFS.Stat) -> Bool {
        stat.pid == server || members[stat.parent] != nil || led[stat.group] != nil || led[stat.session] != nil
    }

    private mutating func adopt(_ stat: ProcFS.Stat, at time: Time) -> Change? {
        guard let member = Member(stat, at: time) else { return nil }
        members[member.pid] = member
        if stat.group == stat.pid || stat.session == stat.pid { led[stat.pid] = stat.start }
        return .seen(member)
    }

    /// The pids to look at.
    ///
    /// The kernel gives pids in a circle, so those of new processes lie between the newest at an earlier look and the newest
    /// now. A process whose start takes longer than a look is searched for twice.
    private mutating func pids(isThorough: Bool) -> [Int] {
        let last = ProcFS.lastPid
        defer { searched = last.map { (searched?.last ?? $0, $0) } }
        if !isThorough, let last, let searched, searched.earlier <= last, last - searched.earlier <= 256 {
            // Threads get their numbers from the same circle; no pidfd can be opened for them.
            return ((searched.earlier + 1)..<(last + 1)).filter { members[$0] == nil && PidDescriptor(pid: $0) != nil }
        }
        return ProcFS.numbers(in: "/proc", atMost: 65_536)
    }
}
