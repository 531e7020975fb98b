import Foundation
import ShutdownTrace
import Synchronization
import Testing

@testable import Clients
@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A scheduled signal` {
    @Test func `may come before the first answer`() async throws {
        var plan = Plan.perl("sleep 100;")
        plan.signals = [ScheduledSignal(.terminate, after: .seconds(0.05), since: .spawn)]
        let run = ObservedRun(plan)
        try await run.run()
        #expect(run.first(.processServing) == nil)
        #expect(run.first(.processExited)?.fields.int(.signal) == 15)
    }

    @Test func `stops and continues, and that asks nobody to leave`() async throws {
        var plan = Plan.perl(grace: .seconds(0.2))
        plan.signals = [
            ScheduledSignal(.stop, after: .zero), ScheduledSignal(.resume, after: .seconds(0.5), since: .signal(0)),
            // Names the signal that asks this server to stop; its time never comes.
            ScheduledSignal(.terminate, after: .seconds(1_000)),
        ]
        let run = ObservedRun(plan) { if $0.kind == .processContinued { $1.send(.terminate, by: .person) } }
        try await run.run()
        #expect(run.all(.processStopped).count == 1)
        #expect(run.all(.processContinued).count == 1)
        #expect(run.first(.graceExpired) == nil)
        #expect(run.first(.processExited)?.fields.int(.signal) == 15)
    }

    @Test(arguments: [(SignalTarget.process, 0), (.group, 1)])
    func `reaches the helper of a server only when it goes to the group`(
        target: SignalTarget, count: Int
    ) async throws {
        // A shell takes the signals that came while a command ran in the order of their numbers: USR1 before USR2.
        let helper = #"sh -c 'trap "echo helper" USR1; trap exit USR2; echo up; while :; do sleep 0.02; done' &"#
        var plan = Plan.shell(#"trap 'echo server; kill -USR2 $!' USR1; \#(helper) wait $!; wait $!; exit 0"#)
        plan.signals = []
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { experiment.send(Signal(rawValue: 10), by: .person, to: target) }
        }
        try await run.run()
        #expect(run.events.count { $0.prints("server") } == 1)
        #expect(run.events.count { $0.prints("helper") } == count)
        #expect(run.first(.signalSent)?.fields.string(.target) == (target == .group ? "group" : nil))
    }

    @Test func `waits for a payment that is charged and not answered`() async throws {
        var plan = Plan.perl(
            #"print qq({"drainboard":1,"clock":0,"title":"x","command":"x"}\n);"#,
            paying: #"""
                if ($count++ < 5) { print $c "HTTP/1.1 503 Not yet\r\nConnection: close\r\n\r\n"; close $c; next }
                print qq({"seq":1,"t":0,"src":"server","ev":"payment.charged","order":$1,"id":1}\n);
                sleep 100;
                """#)
        plan.workload = Workload(rate: 20, mix: [.init(1, .payment(0.1...0.1, keyed: true))])
        plan.signals = [ScheduledSignal(.kill, after: .zero, when: .charged, patience: .seconds(1_000))]
        let run = ObservedRun(plan)
        try await run.run()
        let charged = try #require(run.first(.paymentCharged)?.fields.int(.order))
        let started = run.all(.requestStarted).filter { $0.fields.int(.order) == charged }
        let ids = Set(started.compactMap { $0.fields.int(.id) })
        let finished = run.all(.requestFinished).filter { ids.contains($0.fields.int(.id) ?? 0) }
        #expect(finished.contains { $0.fields.string(.fate) == "closedUnanswered" })
        #expect(run.all(.requestFinished).allSatisfy { $0.fields.string(.fate) != "answered" })
    }

    @Test func `is sent all the same when nobody pays`() async throws {
        var plan = Plan.perl()
        plan.signals = [ScheduledSignal(.terminate, after: .zero, when: .charged, patience: .seconds(0.1))]
        let run = ObservedRun(plan)
        try await run.run()
        #expect(run.first(.processExited)?.fields.int(.signal) == 15)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The control channel` {
    @Test func `tells the server lines`() async throws {
        var plan = Plan.shell(#"echo up; read -r line; echo "heard $line"; exit 0"#)
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { #expect(experiment.tell(.lead(.seconds(2.5)))) }
        }
        _ = try? await run.run()
        #expect(run.events.contains { $0.prints("heard lead 2.5") })
        #expect(run.first(.serverTold)?.fields.string(.text) == "lead 2.5")
        #expect(!run.experiment.tell(.hold))
    }

    @Test func `never waits for a server that does not listen, and tells none that cannot`() async throws {
        let lines = Atomic(0)
        var plan = Plan.shell("echo up; exec sleep 100")
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            guard event.prints("up") else { return }
            while lines.load(ordering: .relaxed) < 20_000, experiment.tell(.hold) { lines.add(1, ordering: .relaxed) }
            experiment.abandon()
        }
        try await run.run()
        // A pipe holds 65,536 bytes, and a line has five.
        #expect((1...14_000).contains(lines.load(ordering: .relaxed)))

        plan.isTied = false
        let untied = ObservedRun(plan) { event, experiment in
            guard event.prints("up") else { return }
            #expect(!experiment.tell(.hold))
            experiment.abandon()
        }
        try await untied.run()
        #expect(untied.first(.serverTold) == nil)
    }

    /// A server that is deaf to TERM.
    ///
    /// It reports that it is held after a first line, and that it goes on after `wait`.
    private static func held(_ wait: String = "read -r line") -> String {
        #"""
        trap "" TERM
        echo '{"drainboard":1,"clock":0,"title":"x","command":"x"}'
        echo up
        read -r line
        echo '{"seq":1,"t":9,"src":"server","ev":"gate.held","name":"here"}'
        \#(wait)
        echo '{"seq":2,"t":9,"src":"server","ev":"gate.released","took":0.8}'
        exec sleep 100
        """#
    }

    @Test func `lets the grace period go on with the order to release, even when nobody hears it`() async throws {
        var plan = Plan.shell(Self.held("exec sleep 100"), grace: .seconds(0.4))
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") {
                experiment.send(.terminate, by: .person)
                experiment.tell(.hold)
            }
            if event.kind == .gateHeld { experiment.tell(.release) }
        }
        try await run.run()
        #expect(run.first(.graceExpired) != nil && run.first(.processExited)?.fields.int(.signal) == 9)
    }

    @Test func `lets the grace period stand still while it holds the server`() async throws {
        var plan = Plan.shell(Self.held(), grace: .seconds(0.2))
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { experiment.tell(.hold) }
            guard event.kind == .gateHeld else { return }
            experiment.send(.terminate, by: .person)
            let later = experiment.clock.now + .seconds(0.5)
            Task {
                // Past the moment at which a server that is not held would be killed.
                try await experiment.clock.sleep(until: later)
                // Any line lets it go on.
                experiment.tell(.lead(.zero))
            }
        }
        try await run.run()
        let sent = try #require(run.first(.signalSent)?.time)
        let expired = try #require(run.first(.graceExpired)?.time)
        #expect(expired - sent >= .seconds(0.7))
        #expect(run.first(.gateReleased) != nil)
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
    }

    @Test func `does not believe a server that says it is held and was not told to hold`() async throws {
        var plan = Plan.shell(Self.held(), grace: .seconds(0.2))
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { experiment.tell(.lead(.seconds(1))) }
            if event.kind == .gateHeld { experiment.send(.terminate, by: .person) }
        }
        try await run.run()
        let sent = try #require(run.first(.signalSent)?.time)
        let expired = try #require(run.first(.graceExpired)?.time)
        #expect(expired - sent >= .seconds(0.2))
        #expect(run.first(.gateReleased) == nil)
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
    }

    @Test(arguments: [true, false])
    func `grants another grace period, before the signal or after it`(isEarly: Bool) async throws {
        var plan = Plan.shell(#"trap "" TERM; echo up; while :; do sleep 1; done"#, grace: .seconds(600))
        plan.isTied = true
        let run = ObservedRun(plan) { event, experiment in
            guard event.prints("up") else { return }
            #expect(throws: RunError.self) { try experiment.setGrace(.zero) }
            if isEarly { try? experiment.setGrace(.seconds(0.2)) }
            experiment.send(.terminate, by: .person)
            if !isEarly { try? experiment.setGrace(.seconds(0.2)) }
        }
        try await run.run()
        #expect(run.all(.graceChanged).map { $0.fields.time(.grace) } == [.seconds(0.2)])
        #expect(run.first(.graceExpired)?.fields.time(.grace) == .seconds(0.2))
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
    }

    @Test func `changes how the balancer polls, and refuses what cannot be`() async throws {
        var plan = Plan.perl()
        plan.balancer = BalancerPlan(interval: .seconds(1_000), threshold: 9, path: "/")
        let run = ObservedRun(plan) { event, experiment in
            switch event.kind {
            case .rotationEntered:
                #expect(throws: RunError.self) { try experiment.setBalancer(BalancerPlan(threshold: 0)) }
                // A stopped server passes no probe.
                experiment.send(.stop, by: .person)
                _ = try? experiment.setBalancer(
                    BalancerPlan(interval: .milliseconds(1), threshold: 1, path: "/none such"))
                _ = try? experiment.setBalancer(BalancerPlan(interval: .milliseconds(1), threshold: 1))
            case .rotationLeft: experiment.abandon()
            default: break
            }
        }
        try await run.run()
        #expect(run.all(.balancerChanged).map { $0.fields.int(.threshold) } == [1])
        #expect(run.first(.rotationLeft)?.fields.int(.failures) == 1)
    }
}
