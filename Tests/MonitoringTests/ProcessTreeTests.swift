import Foundation
import Glibc
import ShutdownTrace
import TestSupport
import Testing

@testable import Monitoring
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The processes of a run` {
    @Test func `has a child that cleaned its environment and left its session`() async throws {
        let tree = try Tree("env -i setsid sleep 401.1 & echo child $!; read x")
        defer { tree.end() }
        let child = try tree.value("child")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        try await until { ProcFS.Stat(pid: child)?.session == child }
        _ = processes.look(isThorough: false, at: .seconds(1))
        #expect(processes.members[child]?.facts.parent == tree.pid)
        #expect(!ProcFS.environment(of: child, has: tree.mark))

        // It stays one when its parent is gone, and nobody would find it any more.
        tree.endShell()
        let ends = processes.look(isThorough: true, at: .seconds(2)).ends
        #expect(ends.map(\.pid) == [tree.pid])
        #expect(ends.first?.status == .signaled(.kill, coreDumped: false))
        #expect(processes.members[child]?.facts.parent != tree.pid)
        processes.end()
    }

    @Test(arguments: [
        // A grandchild in a session of its own, whose parent was gone before anybody looked: by its mark.
        ("setsid sh -c 'sleep 402.2 & echo child $!'; echo up; read x", false),
        // Without the mark, and in the server's group.
        ("env -i sh -c 'sleep 403.3 & echo child $!'; echo up; read x", true),
    ])
    func `has one whose parent was gone before anybody looked`(script: String, isInGroup: Bool) throws {
        let tree = try Tree(script)
        defer { tree.end() }
        let child = try tree.value("child")
        try tree.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        #expect(Set(processes.members.keys) == [tree.pid, child])
        let session = ProcFS.Stat(pid: tree.pid)?.session
        #expect((processes.members[child]?.stat.session == session) == isInGroup)
        processes.end()
    }

    @Test func `has those that are started between two looks, and finds them without looking at everybody`() throws {
        let tree = try Tree("echo up; read x; for i in 1 2 3; do sleep 404.$i & echo child$i $!; done; read x")
        defer { tree.end() }
        try tree.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        #expect(processes.members.count == 1)
        tree.write("go\n")
        let children = try ["child1", "child2", "child3"].map(tree.value)
        _ = processes.look(isThorough: false, at: .seconds(1))
        #expect(Set(processes.members.keys) == Set(children + [tree.pid]))
    }

    @Test func `has no stranger`() throws {
        let tree = try Tree("echo up; read x")
        let stranger = try Tree("echo up; read x")
        defer {
            tree.end()
            stranger.end()
        }
        try tree.wait("up")
        try stranger.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        _ = processes.look(isThorough: true, at: .seconds(1))
        #expect(Set(processes.members.keys) == [tree.pid])
    }

    @Test func `does not take whoever got a member's pid for the member`() throws {
        let tree = try Tree("echo up; read x")
        defer { tree.end() }
        try tree.wait("up")
        var stat = try #require(ProcFS.Stat(pid: tree.pid))
        #expect(Member(stat, at: .zero) != nil)
        stat.start -= 1
        #expect(Member(stat, at: .zero) == nil)
    }

    @Test func `knows how a grandchild ended that its parent has waited for`() throws {
        let script = """
            sh -c 'read x < "$0"; exit 7' "$F" & a=$!; sleep 405.5 & b=$!
            echo a $a; echo b $b; read x; kill -KILL $b; echo go > "$F"; wait $a $b; echo done; read x
            """
        let folder = try TemporaryFolder()
        mkfifo(folder.path + "/go", 0o600)
        let tree = try Tree("F=\(folder.path)/go\n" + script)
        defer { tree.end() }
        let a = try tree.value("a")
        let b = try tree.value("b")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        #expect(Set(processes.members.keys) == [tree.pid, a, b])
        tree.write("go\n")
        try tree.wait("done")
        let ends = processes.look(isThorough: false, at: .seconds(1)).ends
        #expect(Set(ends.map(\.pid)) == [a, b])
        // Linux 6.15 and later tell of those that were reaped.
        let told: [Int: ShutdownTrace.ExitStatus] = [
            a: .exited(code: 7), b: .signaled(.kill, coreDumped: false),
        ]
        for end in ends { #expect(end.status == nil || end.status == told[end.pid]) }
        #expect(processes.zombies.isEmpty)
    }

    @Test func `shows a zombie until its parent asks`() async throws {
        let tree = try Tree(
            #"exec perl -e '$|=1; $p = fork // die; exit 3 unless $p; print "child $p\n"; <STDIN>; wait; print "reaped\n"; <STDIN>'"#
        )
        defer { tree.end() }
        let child = try tree.value("child")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        var ends: [(pid: Int, status: ShutdownTrace.ExitStatus?)] = []
        try await until {
            ends += processes.look(isThorough: true, at: .zero).ends
            return ProcFS.Stat(pid: child)?.isOver != false
        }
        ends += processes.look(isThorough: true, at: .zero).ends
        if !ends.isEmpty {
            #expect(ends.map(\.status) == [.exited(code: 3)])
            #expect(processes.zombies[child] != nil)
        }
        tree.write("go\n")
        try tree.wait("reaped")
        _ = processes.look(isThorough: false, at: .zero)
        #expect(processes.zombies.isEmpty)
    }

    @Test func `says what each member does with signals, and what waits to be taken`() throws {
        let script = """
            use POSIX; $| = 1; $SIG{USR1} = sub {}; $SIG{HUP} = "IGNORE";
            sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM)); print "up\\n"; <STDIN>;
            """
        let tree = try Tree("exec perl -e '\(script)'")
        defer { tree.end() }
        try tree.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        let before = try #require(processes.members[tree.pid])
        #expect(before.event.masks.caught.contains(.user1))
        #expect(before.event.masks.ignored.contains(.hangup))
        #expect(before.event.masks.blocked.contains(.terminate))
        #expect(before.event.pending.isEmpty)
        kill(pid_t(tree.pid), SIGTERM)
        let changes = processes.look(isThorough: false, at: .seconds(1))
        guard case .seen(let after)? = changes.first else { return #expect(Bool(false), "nothing is news") }
        #expect(after.event.pending == [.terminate])
    }

    @Test func `tells of a member that changes all the time at most twice a second`() async throws {
        let tree = try Tree("echo up; read x; exec sleep 407.7")
        defer { tree.end() }
        try tree.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        #expect(processes.look(isThorough: true, at: .zero).count == 1)
        tree.write("go\n")
        try await until { ProcFS.command(of: tree.pid) == "sleep 407.7" }
        #expect(processes.look(isThorough: false, at: .seconds(0.2)).isEmpty)
        #expect(processes.look(isThorough: false, at: .seconds(0.6)).count == 1)
        #expect(processes.look(isThorough: false, at: .seconds(2)).isEmpty)
    }

    @Test func `tells of a change at once where a signal is about to be sent`() async throws {
        let tree = try Tree("echo up; read x; exec sleep 407.8")
        defer { tree.end() }
        try tree.wait("up")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        tree.write("go\n")
        try await until { ProcFS.command(of: tree.pid) == "sleep 407.8" }
        #expect(processes.look(isThorough: false, at: .seconds(0.2)).isEmpty)
        #expect(processes.reread(at: .seconds(0.2)).count == 1)
        #expect(processes.reread(at: .seconds(0.2)).isEmpty)
    }

    @Test func `knows who holds the socket that listens`() async throws {
        let listener = try Endpoint.listening()
        defer { listener.close() }
        let inodes = try SocketDiag(port: listener.port).look(connections: false).listeners
        // The shell inherits it, and one child of two closes it. A plain sh takes no descriptor above 9 there.
        let closing = "exec \(listener.descriptor)>&-"
        let tree = try Tree(
            "exec bash -c '(\(closing); echo a; exec sleep 408.9) & sleep 408.8 & echo child $!; \(closing); read x'")
        defer { tree.end() }
        let child = try tree.value("child")
        try tree.wait("a")
        var processes = ProcessTree(server: tree.pid, mark: tree.mark)
        _ = processes.look(isThorough: true, at: .zero)
        #expect(processes.members.count == 3)
        try await until { ProcFS.link("/proc/\(tree.pid)/fd/\(listener.descriptor)") == nil }
        let news = processes.listen(on: inodes, at: .seconds(1))
        #expect(news.count == 1)
        #expect(processes.members.values.filter { $0.facts.listens == true }.map(\.pid) == [child])
        #expect(processes.listen(on: inodes, at: .seconds(2)).isEmpty)
        #expect(processes.listen(on: [], at: .seconds(3)).count == 1)
    }
}

extension [ProcessTree.Change] {
    var ends: [(pid: Int, status: ShutdownTrace.ExitStatus?)] {
        compactMap { change in
            guard case .gone(let member, let status) = change else { return nil }
            return (member.pid, status)
        }
    }
}

extension ProcessTree {
    /// Kills whoever is left of a test.
    func end() { for member in members.values { member.send(.kill) } }
}
