import NIOCore
import NIOPosix
import ShutdownTrace
import Testing

@testable import Clients
@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `A rolling deploy` {
    @Test func `loses nothing, and tells who answered`() async throws {
        var plan = Plan.leaving()
        plan.workload = Workload(rate: 100, mix: [.init(1, .fast)])
        plan.signals = [ScheduledSignal(.terminate, after: .seconds(0.3))]
        let run = ObservedRun(plan) { if $0.isFirstOut { $1.send(.user1, by: .person) } }
        try await run.run()
        let kinds = run.events.filter { $0.fields.int(.instance) != 1 }.map(\.kind)
        let order: [EventKind] = [
            .deployBegan, .instanceSpawned, .instanceServing, .rotationEntered, .signalSent, .processExited,
            .instanceExited, .deployEnded, .runEnded,
        ]
        let places = order.map { kind in kinds.firstIndex(of: kind) ?? -1 }
        #expect(places.allSatisfy { $0 >= 0 })
        #expect(places == places.sorted())
        let finished = run.all(.requestFinished)
        #expect(finished.allSatisfy { $0.fields.string(.fate) == "answered" })
        #expect(Set(finished.compactMap { $0.fields.int(.instance) }) == [1, 2])
        #expect(finished.count == run.all(.requestStarted).count)
        // Events of the first instance's own witnesses carry no number, those of the balancer do.
        #expect(run.all(.rotationEntered).map { $0.fields.int(.instance) } == [1, 2])
        #expect(run.first(.rotationLeft)?.fields.int(.instance) == 1)
        #expect(run.first(.processExited)?.fields.int(.code) == 0)
        #expect(run.first(.deployBegan)?.fields.string(.balancer) == "proxy")
        #expect(leftovers(of: run) == [])
    }

    @Test(.enabled(if: HAProxy.find() != nil)) func `loses nothing behind HAProxy either`() async throws {
        var plan = Plan.leaving()
        plan.balancerKind = .haproxy
        plan.workload = Workload(rate: 100, mix: [.init(1, .fast)])
        plan.signals = [ScheduledSignal(.terminate, after: .seconds(0.3))]
        let run = ObservedRun(plan) { if $0.isFirstOut { $1.send(.user1, by: .person) } }
        try await run.run()
        let finished = run.all(.requestFinished)
        #expect(finished.allSatisfy { $0.fields.string(.fate) == "answered" })
        #expect(Set(finished.compactMap { $0.fields.int(.instance) }) == [1, 2])
        #expect(run.all(.rotationEntered).map { $0.fields.int(.instance) } == [1, 2])
        #expect(run.all(.rotationLeft).first?.fields.int(.instance) == 1)
        #expect(try !run.experiment.setBalancer(BalancerPlan()))
        #expect(leftovers(of: run) == [])
    }

    @Test(.enabled(if: HAProxy.find() != nil)) func `cannot go on when HAProxy is gone`() async throws {
        var plan = Plan.instance()
        plan.replacement = .beforeSignal
        plan.balancerKind = .haproxy
        let run = ObservedRun(plan) { event, experiment in
            guard event.kind == .rotationEntered else { return }
            (experiment.deploy?.balancer as? HAProxy)?.process.send(.kill)
        }
        let error = await #expect(throws: RunError.self) { try await run.run() }
        #expect(error?.description.contains("HAProxy ended while it was needed: killed by signal 9") == true)
        #expect(leftovers(of: run) == [])
    }

    @Test func `begins no more once its run is about to end`() async throws {
        let (_, stream) = AsyncStream.makeStream(of: Event.self)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var plan = Plan.instance()
        plan.replacement = .beforeSignal
        let deploy = try DeployRun(
            plan, first: 1, run: 1, on: group.next(), under: ProcessReaper(pipe: try Pipe(capacity: 4_096)),
            Reporter(clock: RunClock(), into: stream))
        await deploy.end()
        deploy.begin()
        #expect(!deploy.hasBegun)
        // Whoever waits for it waits no longer.
        await deploy.settled.wait()
        await deploy.balancer.stop()
        try await group.shutdownGracefully()
    }

    @Test func `begins when a person asks for it, once`() async throws {
        var plan = Plan.instance()
        plan.replacement = .beforeSignal
        plan.aftermath = .zero
        let run = ObservedRun(plan) { event, experiment in
            guard event.kind == .processServing else { return }
            #expect(experiment.deploy(.interrupt, by: .person))
            #expect(experiment.deploy(.interrupt, by: .person))
        }
        try await run.run()
        #expect(run.all(.instanceSpawned).count == 1)
        #expect(run.first(.signalSent)?.fields.int(.signal) == 2)
        #expect(!run.experiment.deploy(by: .person))
    }

    @Test func `keeps the distance between its signals`() async throws {
        var plan = Plan.instance("$SIG{USR1} = sub {}; select undef, undef, undef, 0.2 * $ENV{DRAINBOARD_INSTANCE};")
        plan.replacement = .beforeSignal
        plan.aftermath = .zero
        plan.signals = [
            ScheduledSignal(.user1, after: .zero),
            ScheduledSignal(.terminate, after: .seconds(0.3), since: .signal(0)),
        ]
        let run = ObservedRun(plan)
        try await run.run()
        let times = run.all(.signalSent).filter { $0.fields.int(.instance) == nil }.map(\.time)
        try #require(times.count == 2)
        #expect(times[1] - times[0] >= .seconds(0.29))
        #expect(times[0] > run.first(.instanceServing)?.time ?? .seconds(99))
    }

    @Test func `cannot be made when the second instance dies at its start`() async throws {
        var plan = Plan.instance(#"if ($ENV{DRAINBOARD_INSTANCE} == 2) { print STDERR "no luck"; exit 7 }"#)
        plan.replacement = .beforeSignal
        plan.signals = [ScheduledSignal(.terminate, after: .zero)]
        let run = ObservedRun(plan)
        let error = await #expect(throws: RunError.self) { try await run.run() }
        let words = error?.description ?? ""
        #expect(words.hasPrefix("The second instance could not take over."))
        #expect(words.contains("exited 7"))
        #expect(words.contains("no luck"))
        #expect(run.events.last?.kind == .runEnded)
        // The first was not asked to leave, only cleaned up.
        #expect(run.all(.signalSent).map { $0.fields.string(.by) } == ["cleanup"])
        #expect(leftovers(of: run) == [])
    }

    @Test func `cannot be made when the second instance never serves`() async throws {
        var plan = Plan.instance("if ($ENV{DRAINBOARD_INSTANCE} == 2) { sleep 100 }")
        plan.replacement = .beforeSignal
        plan.servingTimeout = .seconds(2)
        plan.signals = [ScheduledSignal(.terminate, after: .zero)]
        let run = ObservedRun(plan)
        let error = await #expect(throws: RunError.self) { try await run.run() }
        #expect(error?.description.contains("did not answer") == true)
        #expect(leftovers(of: run) == [])
    }

    @Test func `kills a second instance that does not leave`() async throws {
        var plan = Plan.instance(#"if ($ENV{DRAINBOARD_INSTANCE} == 2) { $SIG{TERM} = "IGNORE" }"#)
        plan.replacement = .beforeSignal
        plan.aftermath = .zero
        plan.grace = .seconds(0.5)
        plan.signals = [ScheduledSignal(.terminate, after: .zero)]
        let run = ObservedRun(plan)
        try await run.run()
        #expect(run.first(.instanceExited)?.fields.int(.signal) == 9)
        #expect(
            run.all(.signalSent).filter { $0.fields.int(.instance) == 2 }.map { $0.fields.int(.signal) } == [15, 9])
    }

    @Test(arguments: [EventKind.processServing, .deployBegan, .instanceSpawned, .instanceServing, .processExited])
    func `leaves nobody behind when it is abandoned`(moment: EventKind) async throws {
        var plan = Plan.instance()
        plan.replacement = .beforeSignal
        plan.workload = Workload(rate: 100, mix: [.init(1, .fast)])
        plan.signals = [ScheduledSignal(.terminate, after: .seconds(0.1))]
        let run = ObservedRun(plan) { if $0.kind == moment { $1.abandon() } }
        try? await run.run()
        #expect(run.first(moment) != nil)
        #expect(run.events.last?.kind == .runEnded)
        #expect(leftovers(of: run) == [])
    }

    @Test func `needs a balancer`() async {
        var plan = Plan.instance()
        plan.replacement = .beforeSignal
        plan.balancer = nil
        #expect(throws: RunError.self) { try plan.validate() }
    }
}

@Suite(.timeLimit(.minutes(3))) struct `A supervisor` {
    @Test(arguments: [Signal.kill, .terminate])
    func `starts a server again that is gone, and its clients find it`(signal: Signal) async throws {
        var plan = Plan.instance()
        plan.replacement = .afterExit
        plan.aftermath = .seconds(0.3)
        plan.workload = Workload(rate: 40, mix: [.init(1, .payment(0.1...0.2, keyed: true))])
        plan.signals = [ScheduledSignal(signal, after: .seconds(0.2), when: .inFlight(1))]
        let run = ObservedRun(plan)
        try await run.run()
        #expect(run.first(.processExited)?.fields.int(.signal) == Int(signal.rawValue))
        #expect(run.all(.instanceServing).count == 1)
        let exit = try #require(run.first(.processExited)?.time)
        #expect(run.first(.instanceSpawned)?.time ?? .zero > exit)
        // Whoever was cut or refused tried again, and was served by the second.
        let beliefs = run.all(.paymentSettled).map { $0.fields.string(.belief) }
        #expect(beliefs.count == run.all(.paymentIntended).count)
        #expect(Set(beliefs) == ["paid"])
        #expect(run.all(.paymentRetried).count > 0)
        #expect(run.all(.requestFinished).contains { $0.fields.int(.instance) == 2 })
        #expect(leftovers(of: run) == [])
    }

    @Test func `starts nothing again that never served`() async throws {
        var plan = Plan.instance("exit 3;")
        plan.replacement = .afterExit
        let run = ObservedRun(plan)
        await #expect(throws: RunError.self) { try await run.run() }
        #expect(run.all(.instanceSpawned).isEmpty)
    }
}

extension Event {
    /// Whether the first instance left rotation.
    fileprivate var isFirstOut: Bool { kind == .rotationLeft && instance == 1 }
}

/// Processes of a run that are still there.
private func leftovers(of run: ObservedRun) -> [Int] {
    let pids = (run.all(.processSpawned) + run.all(.instanceSpawned)).compactMap { $0.fields.int(.pid) }
    return pids.filter { !(ProcFS.Stat(pid: $0)?.isOver ?? true) }
}

extension Plan {
    static func instance(_ prelude: String = "") -> Plan {
        var plan = Plan.perl(prelude)
        plan.balancer = BalancerPlan(interval: .seconds(0.05), threshold: 2)
        return plan
    }

    /// A rolling deploy whose first instance is not ready from TERM on, and ends with USR1.
    ///
    /// A probe that is late on a busy machine takes no instance out of rotation.
    static func leaving() -> Plan {
        let handlers = "$SIG{TERM} = sub { $leaving = 1 }; $SIG{USR1} = sub { $leaving = 2 };"
        var plan = Plan.instance("if ($ENV{DRAINBOARD_INSTANCE} == 1) { \(handlers) }")
        plan.replacement = .beforeSignal
        plan.balancer = BalancerPlan(interval: .seconds(0.05), threshold: 20)
        return plan
    }
}
