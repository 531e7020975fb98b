import Clients
import Foundation
import Glibc
import ShutdownTrace
import Synchronization
import TestSupport
import Testing

@testable import Experiment
@testable import Monitoring
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A monitor of a server that tells nothing` {
    /// A server of plain sockets: on TERM it does what the script says, with `$l` listening and `@c` its connections.
    static func server(_ onTerm: String, prelude: String = "") -> Plan {
        let serve = """
            our @c; \(prelude)
            my $s = IO::Select->new($l);
            until ($asked) {
                for my $r ($s->can_read(0.01)) {
                    if ($r == $l) { my $c = $l->accept or next; push @c, $c; $s->add($c); next }
                    my $n = sysread($r, my $x, 65536);
                    if (!$n) { $s->remove($r); @c = grep { $_ != $r } @c; close $r; next }
                    print "read $x\\n" and next if $x =~ /^x/;
                    syswrite $r, "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok";
                }
            }
            \(onTerm)
            """
        var plan = Plan.listening("my $asked = 0; $SIG{TERM} = sub { $asked = 1 };", then: serve)
        plan.balancer = nil
        return plan
    }

    @Test func `sees it listen and stop to, after the signal and before the exit`() async throws {
        let onTerm = "my $on = 0; $SIG{USR1} = sub { exit 0 }; close $l; sleep 1 while 1"
        let run = ObservedRun(Self.server(onTerm)) { event, experiment in
            if event.kind == .listenerSeen { experiment.send(.terminate, by: .person) }
            if event.kind == .listenerGone { experiment.send(.user1, by: .person) }
        }
        try await run.run()
        let kinds = run.events.map(\.kind).filter {
            [.listenerSeen, .signalSent, .listenerGone, .processExited].contains($0)
        }
        #expect(kinds == [.listenerSeen, .signalSent, .listenerGone, .signalSent, .processExited])
        let gone = try #require(run.first(.listenerGone))
        #expect(gone.source == .kernel)
        #expect(gone.fields.int(.port) == run.first(.listenerSeen)?.fields.int(.port))
        let members = run.all(.memberSeen)
        #expect(members.first?.fields.int(.pid) == run.first(.processSpawned)?.fields.int(.pid))
        #expect(members.contains { $0.fields.bool(.listens) == true && $0.fields.ints(.caught)?.contains(15) == true })
        #expect(members.last?.fields.bool(.listens) == false)
    }

    @Test func `does not say that a server which was killed closed its listener`() async throws {
        let run = ObservedRun(Self.server("exit 0")) { event, experiment in
            if event.kind == .listenerSeen { experiment.send(.kill, by: .person) }
        }
        try await run.run()
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
        #expect(run.all(.listenerGone).isEmpty)
        #expect(run.all(.memberGone).isEmpty)
    }

    @Test func `finds the port of its own choice, and who is connected before any signal`() async throws {
        let client = Mutex<Endpoint?>(nil)
        var plan = Self.server("exit 0")
        plan.command[2] = plan.command[2].replacing("$ENV{PORT}", with: "0")
        plan.isAsked = false
        let run = ObservedRun(plan) { event, experiment in
            switch event.kind {
            case .listenerSeen:
                client.withLock { $0 = try? Endpoint.connected(to: event.fields.int(.port) ?? 0) }
            case .blockerSeen where event.fields.string(.kind) == "connection":
                experiment.send(.terminate, by: .person)
            default: break
            }
        }
        try await run.run()
        let own = try #require(client.withLock { $0?.port })
        #expect(run.first(.listenerSeen)?.fields.int(.port) != nil)
        #expect(run.first(.blockerSeen)?.fields.int(.port) == own)
        #expect(run.first(.blockerSeen)?.fields.string(.cause) == "quiet")
        #expect(run.all(.memberSeen).contains { $0.fields.bool(.listens) == true })
        #expect(run.all(.socketsSeen).contains { $0.fields.int(.open) == 1 })
        client.withLock { $0?.close() }
    }

    @Test func `names the connection that holds it up by its client's port`() async throws {
        let client = Mutex<Endpoint?>(nil)
        let onTerm = """
            close $l; for my $c (@c) { 1 while sysread($c, my $x, 65536) } exit 0
            """
        let run = ObservedRun(Self.server(onTerm)) { event, experiment in
            switch event.kind {
            case .listenerSeen:
                let port = event.fields.int(.port) ?? 0
                client.withLock {
                    $0 = try? Endpoint.connected(to: port)
                    $0?.send(2)
                }
            case .outputPrinted where event.prints("read xx"): experiment.send(.terminate, by: .person)
            case .blockerSeen where event.fields.string(.kind) == "connection":
                client.withLock { $0?.close() }
            default: break
            }
        }
        try await run.run()
        let blocker = try #require(run.all(.blockerSeen).first { $0.fields.string(.kind) == "connection" })
        let port = try #require(client.withLock { $0?.port })
        #expect(blocker.fields.int(.port) == port)
        #expect(blocker.fields.string(.cause) == "quiet")
        #expect(blocker.fields.string(.name) == "connection \(port)")
        #expect(blocker.fields.string(.text)?.contains("\(port)") == true)
        #expect(run.first(.processExited)?.fields.int(.code) == 0)
    }

    @Test func `tells a client that reads slowly from a server that does not read`() async throws {
        let clients = Mutex<[Endpoint]>([])
        let onTerm = """
            close $l; $_->blocking(0) for @c; for my $c (@c) { next if $c == $c[-1]; 1 while syswrite($c, "x" x 65536) } sleep 100
            """
        let run = ObservedRun(Self.server(onTerm)) { event, experiment in
            switch event.kind {
            case .listenerSeen:
                let port = event.fields.int(.port) ?? 0
                clients.withLock {
                    $0 = (0..<2).compactMap { _ in try? Endpoint.connected(to: port) }
                    $0.last?.send(2)
                }
            case .outputPrinted where event.prints("read xx"): experiment.send(.terminate, by: .person)
            case .listenerGone: clients.withLock { $0[1].send(11) }
            default: break
            }
            if event.kind == .blockerSeen, event.fields.string(.cause) == "unread" { experiment.abandon() }
        }
        try await run.run()
        let causes = run.all(.blockerSeen).compactMap { $0.fields.string(.cause) }
        #expect(causes.contains("unsent"))
        let unread = try #require(run.all(.blockerSeen).first { $0.fields.string(.cause) == "unread" })
        #expect(unread.fields.int(.count) == 11)
        #expect(unread.fields.int(.port) == clients.withLock { $0[1].port })
        #expect(run.all(.socketsSeen).contains { ($0.fields.int(.unsent) ?? 0) > 10_000 })
        for client in clients.withLock({ $0 }) { client.close() }
    }

    @Test func `knows the server behind a wrapper that does not pass the signal on`() async throws {
        var plan = Self.server("exit 0")
        plan.command = ["sh", "-c", #"perl -e "$0"; true"#, plan.command[2]]
        let run = ObservedRun(plan) { event, experiment in
            if event.kind == .listenerSeen { experiment.send(.terminate, by: .person) }
        }
        try await run.run()
        let shell = try #require(run.first(.processSpawned)?.fields.int(.pid))
        let serving = try #require(run.all(.memberSeen).first { $0.fields.bool(.listens) == true })
        #expect(serving.fields.int(.pid) != shell)
        #expect(serving.fields.int(.parent) == shell)
        #expect(run.all(.memberSeen).allSatisfy { $0.fields.int(.pid) != shell || $0.fields.bool(.listens) == false })
        #expect(run.first(.processExited)?.fields.int(.signal) == 15)
        let left = run.all(.processLeftBehind)
        #expect(left.map { $0.fields.int(.pid) } == [serving.fields.int(.pid)])
        #expect(left.first?.fields.bool(.listens) == true)
        #expect(run.all(.listenerGone).isEmpty)
        // The run ends what it left, and says so.
        let gone = try #require(run.first(.memberGone))
        #expect(gone.fields.int(.pid) == serving.fields.int(.pid))
        #expect(gone.fields.int(.signal) == 9)
    }

    @Test func `finds the helper that inherited the listening socket, whatever it did to hide`() async throws {
        let prelude = """
            if (!fork) { setsid(); %ENV = (); $SIG{TERM} = "IGNORE"; print "helper $$\\n"; close STDOUT; sleep 100; exit }
            """
        let run = ObservedRun(Self.server("exit 0", prelude: prelude)) { event, experiment in
            if event.kind == .listenerSeen { experiment.send(.terminate, by: .person) }
        }
        try await run.run()
        let left = try #require(run.first(.processLeftBehind))
        #expect(left.fields.bool(.listens) == true)
        #expect(run.events.contains { $0.prints("helper \(left.fields.int(.pid) ?? 0)") })
        #expect(run.first(.portProbed)?.fields.string(.answer) == "accepts")
        #expect(ProcFS.Stat(pid: left.fields.int(.pid) ?? 0)?.isOver ?? true)
    }

    @Test func `tells which children are still there, frozen, or gone and how`() async throws {
        let prelude = """
            our $a = fork; if (!$a) { $SIG{TERM} = sub { exit 7 }; sleep 100; exit }
            our $b = fork; if (!$b) { $SIG{TERM} = "DEFAULT"; kill "STOP", $$; sleep 100; exit }
            waitpid $b, WUNTRACED; print "frozen $b\\n";
            """
        let onTerm = """
            my $on = 0; $SIG{USR1} = sub { $on = 1 };
            close $l; waitpid $b, 0; select undef, undef, undef, 0.01 until $on; kill TERM => $a; waitpid $a, 0; exit 0
            """
        let run = ObservedRun(Self.server(onTerm, prelude: prelude)) { event, experiment in
            let cause = event.fields.string(.cause)
            if event.kind == .listenerSeen { experiment.send(.terminate, by: .person) }
            if event.kind == .blockerSeen, cause == "stopped" { kill(pid_t(event.fields.int(.pid) ?? 0), SIGKILL) }
            if event.kind == .blockerGone { experiment.send(.user1, by: .person) }
        }
        try await run.run()
        let blockers = run.all(.blockerSeen).filter { $0.fields.string(.kind) == "process" }
        let frozen = try #require(blockers.first { $0.fields.string(.cause) == "stopped" }?.fields.int(.pid))
        #expect(run.events.contains { $0.prints("frozen \(frozen)") })
        #expect(blockers.contains { $0.fields.string(.cause) == "alive" && $0.fields.int(.pid) != frozen })
        #expect(run.all(.blockerGone).contains { $0.fields.string(.name) == "process \(frozen)" })
        let gone = run.all(.memberGone)
        #expect(gone.contains { $0.fields.int(.pid) == frozen })
        for event in gone where event.fields.string(.how) != "unknown" {
            if event.fields.int(.pid) == frozen {
                #expect(event.fields.int(.signal) == 9)
            } else {
                #expect(event.fields.int(.code) == 7)
            }
        }
        #expect(run.all(.processLeftBehind).isEmpty)
    }

    @Test func `says in which system call it sleeps when nothing else holds it up`() async throws {
        let onTerm = "close $l; @c = (); pipe(my $r, my $w); sysread($r, my $x, 1); exit 0"
        let run = ObservedRun(Self.server(onTerm)) { event, experiment in
            if event.kind == .listenerSeen { experiment.send(.terminate, by: .person) }
            let text = event.fields.string(.text) ?? ""
            if event.kind == .blockerSeen, text.contains("(read)") { experiment.abandon() }
        }
        try await run.run()
        let texts = run.all(.blockerSeen).compactMap { $0.fields.string(.text) }
        #expect(
            texts.contains { $0.contains("waits for something to read (read), descriptor") && $0.contains("pipe:[") })
    }

    @Test func `is gone when the run is over`() async throws {
        @Sendable func isThere() -> Bool {
            ProcFS.numbers(in: "/proc/self/task").contains {
                ProcFS.text("/proc/self/task/\($0)/comm") == ProcessMonitor.threadName + "\n"
            }
        }
        let wasThere = Mutex(false)
        let run = ObservedRun(Self.server("exit 0")) { event, experiment in
            guard event.kind == .listenerSeen else { return }
            wasThere.withLock { $0 = isThere() }
            experiment.send(.terminate, by: .person)
        }
        try await run.run()
        #expect(wasThere.withLock { $0 })
        // Another suite may have a run of its own for a moment.
        try await until { !isThere() }
    }
}
