import Foundation
import ShutdownTrace
import Testing

@testable import Clients
@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A run` {
    @Test func `ends with what the kernel says of the exit`() async throws {
        let exited = ObservedRun(.shell("echo up; sleep 0.1; exit 143")) { event, experiment in
            if event.prints("up") { experiment.send(.windowChange, by: .person) }
        }
        try await exited.run()
        #expect(exited.first(.processExited)?.fields.string(.how) == "exited")
        #expect(exited.first(.processExited)?.fields.int(.code) == 143)

        let killed = ObservedRun(.shell("echo up; exec sleep 100")) { event, experiment in
            if event.prints("up") { experiment.send(.terminate, by: .person) }
        }
        try await killed.run()
        #expect(killed.first(.processExited)?.fields.string(.how) == "signaled")
        #expect(killed.first(.processExited)?.fields.int(.signal) == 15)
        #expect(killed.events.last?.kind == .runEnded)
    }

    @Test func `kills a deaf server when the grace period is over`() async throws {
        let plan = Plan.shell(#"trap "" TERM; echo up; while :; do sleep 0.05; done"#, grace: .seconds(0.3))
        let run = ObservedRun(plan) { event, experiment in
            if event.prints("up") { experiment.send(.terminate, by: .person) }
        }
        try await run.run()
        #expect(run.all(.graceExpired).count == 1)
        #expect(run.all(.signalSent).map { $0.fields.string(.by) } == ["user", "grace"])
        #expect(run.first(.processExited)?.fields.int(.signal) == 9)
        let seen = try #require(run.first(.signalsSeen))
        #expect(seen.fields.ints(.ignored)?.contains(15) == true)
    }

    @Test func `lets a server that stops in time alone`() async throws {
        let run = ObservedRun(.shell(#"trap "exit 0" TERM; echo up; while :; do sleep 0.02; done"#)) {
            if $0.prints("up") { $1.send(.terminate, by: .person) }
        }
        try await run.run()
        #expect(run.first(.graceExpired) == nil)
        #expect(run.first(.processExited)?.fields.int(.code) == 0)
    }

    @Test func `tells of a freeze and a thaw`() async throws {
        let run = ObservedRun(.shell("echo up; exec sleep 100")) { event, experiment in
            switch event.kind {
            case .outputPrinted: experiment.send(.stop, by: .person)
            case .processStopped: experiment.send(.resume, by: .person)
            case .processContinued: experiment.abandon()
            default: break
            }
        }
        try await run.run()
        #expect(run.all(.processStopped).count == 1)
        #expect(run.all(.processContinued).count == 1)
        #expect(run.all(.signalSent).last?.fields.string(.by) == "cleanup")
    }

    @Test func `serves, is asked, and ends`() async throws {
        var plan = Plan.perl()
        plan.workload = Workload(rate: 200, mix: [.init(1, .fast)])
        plan.signals = [ScheduledSignal(.terminate, after: .zero, when: .inFlight(1))]
        let run = ObservedRun(plan)
        try await run.run()
        #expect(run.first(.processServing) != nil)
        #expect(run.first(.rotationEntered) != nil)
        #expect(run.first(.portProbed)?.fields.string(.answer) == "refused")
        let started = run.all(.requestStarted).compactMap { $0.fields.int(.id) }
        let finished = run.all(.requestFinished).compactMap { $0.fields.int(.id) }
        #expect(!started.isEmpty)
        #expect(Set(started).count == started.count)
        #expect(started.sorted() == finished.sorted())
        #expect(run.first(.signalSent)?.fields.string(.by) == "check")
    }

    @Test func `numbers the events of each monitor without a gap`() async throws {
        var plan = Plan.perl()
        plan.workload = Workload(rate: 100, mix: [.init(1, .fast)])
        plan.signals = [ScheduledSignal(.terminate, after: .zero, when: .inFlight(1))]
        let run = ObservedRun(plan)
        try await run.run()
        for source in [Source.client, .supervisor, .kernel, .balancer] {
            let numbers = run.events.filter { $0.source == source }.map(\.sequence)
            #expect(numbers == Array(1...numbers.count), "\(source)")
        }
    }

    @Test func `finds a child that outlives its server, and leaves none`() async throws {
        let run = ObservedRun(.shell("setsid sleep 321.5 & sleep 322.5 & echo up; exec sleep 100")) {
            if $0.prints("up") { $1.send(.terminate, by: .person) }
        }
        try await run.run()
        let left = run.all(.processLeftBehind)
        #expect(Set(left.compactMap { $0.fields.string(.command) }) == ["sleep 321.5", "sleep 322.5"])
        for pid in left.compactMap({ $0.fields.int(.pid) }) {
            // Gone, or a zombie that only its new parent can reap.
            #expect(ProcFS.Stat(pid: pid)?.isOver ?? true)
        }
    }
}

@Suite(.timeLimit(.minutes(3))) struct `What a server prints` {
    @Test func `is read to the last line after a burst`() async throws {
        let run = ObservedRun(
            .perl(#"print "$_\n" for 1..200000; print STDERR "last words"; kill "KILL", $$;"#)
        ) { event, experiment in if event.prints("1") { experiment.send(.windowChange, by: .person) } }
        _ = try? await run.run()
        let lines = run.all(.outputPrinted)
        #expect(lines.count >= LineStream.mostLines)
        #expect(lines.contains { $0.prints("200000") })
        // Those that came too fast are counted, none of them twice.
        let told = run.all(.faultReported).compactMap { $0.fields.string(.text)?.prefix { $0.isNumber } }
        #expect(lines.count + told.compactMap { Int($0) }.reduce(0, +) == 200_001)
        #expect(run.all(.outputPrinted).contains { $0.fields.string(.stream) == "err" && $0.prints("last words") })
    }

    @Test func `is counted and no longer kept when it goes on and on`() async throws {
        // 60,000 short lines in a second and a half and more, the last of them "end".
        let run = ObservedRun(
            .perl(
                #"$| = 1; for (1..150) { print "x\n" x 400; select undef, undef, undef, 0.01 } print "end\n"; kill "KILL", $$;"#
            ))
        _ = try? await run.run()
        let lines = run.all(.outputPrinted)
        let seconds = Int((lines.last?.time ?? .zero).seconds) + 1
        #expect(lines.count <= LineStream.mostLines + seconds * (LineStream.steadyLines + 200) + 200)
        #expect(lines.last?.prints("end") == true)
        #expect(!run.all(.faultReported).isEmpty)
    }

    @Test func `is its trace when it is one, on the clock of the run`() async throws {
        let trace = """
            {"drainboard":1,"clock":0,"title":"x","command":"x"}
            {"seq":1,"t":5,"src":"server","ev":"readiness.raised"}
            {"seq":4,"t":6,"src":"server","ev":"readiness.lowered"}
            {"seq":1,"t":7,"src":"kernel","ev":"process.exited","how":"exited","code":0}
            """
        let run = ObservedRun(.shell("cat <<'E'\n\(trace)\nE\nexit 3"))
        await #expect(throws: RunError.self) { try await run.run() }
        let origin = run.experiment.clock.origin
        #expect(run.first(.readinessRaised)?.time == .seconds(5) - origin)
        #expect(run.first(.traceGap)?.fields.int(.count) == 2)
        // Nobody else's monitor can be forged on standard output.
        #expect(run.all(.processExited).map { $0.fields.int(.code) } == [3])
        #expect(run.first(.outputPrinted)?.fields.string(.text)?.contains("process.exited") == true)
    }

    @Test func `keeps its place when a line has no end`() async throws {
        let run = ObservedRun(.perl(#"print "x" x 3000000, "\nafter\n"; exit 0;"#))
        await #expect(throws: RunError.self) { try await run.run() }
        let lines = run.all(.outputPrinted).compactMap { $0.fields.string(.text) }
        #expect(lines.map(\.utf8.count) == [LineStream.longestText + 3, 5])
    }
}
