package import NIOCore
package import Platform
package import ShutdownTrace

/// All clients of a run, on real sockets, on one event loop.
///
/// Arrivals never wait for answers. Every request that is started is finished exactly once, with the fate that its own
/// socket showed.
package actor TrafficGenerator {
    let dialer: Dialer
    /// To the server that is asked to leave, where the clients come to a balancer in front of it.
    let leaver: Dialer
    package nonisolated let reporter: Reporter
    let workload: Workload
    var stage = TrafficStage()
    private(set) var gate = RotationGate()
    var race: Race
    var pool = ConnectionPool()
    package internal(set) var payments = PaymentBook()
    var admission = Admission()
    var requests = RequestsInFlight()
    var held = HeldConnections()
    var knowledge = ServerKnowledge()

    /// The loop is one of NIO's own, so that this actor, its channels and its tasks share one thread.
    package nonisolated var loop: any EventLoop { dialer.loop }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// Makes the clients of a server on this port, of 127.0.0.1 where the workload names no target.
    ///
    /// With a balancer in front, its port is `balancer`.
    package init(
        _ workload: Workload, seed: UInt64, port: Int, on loop: any EventLoop, _ reporter: Reporter,
        connectTimeout: Time = .seconds(3), balancer: Int? = nil
    ) throws {
        var workload = workload
        workload.target = workload.target?.on(port: port)
        self.workload = workload
        self.reporter = reporter
        let url = workload.target?.url
        let leaver = try Dialer(port: port, of: url, on: loop, timeout: connectTimeout)
        let front = try balancer.map {
            try Dialer(port: $0, of: url, on: loop, timeout: connectTimeout, isBalanced: true)
        }
        self.leaver = leaver
        dialer = front ?? leaver
        race = Race(seed: seed, window: workload.racerWindow)
    }

    package var isOver: Bool { stage.isOver }
    /// Requests without a fate yet, those that are still connecting included.
    package var inFlight: Int { requests.count }
    /// Clients that do not have what they came for yet.
    package var pendingVisits: Int { admission[.visiting] }
    var mayStart: Bool { gate.isOpen && !isOver && !Task.isCancelled }
    /// Whether clients that come again and again have done their part.
    ///
    /// A server other than the demo's gets no more of them once it has its signal, or the check itself could hold it for
    /// ever; new connections go on and show how it treats them.
    var isEnough: Bool { stage.isSignalled && workload.target != nil }

    /// Begins when the server is in rotation for the first time and runs until it is cancelled; requests in flight still
    /// get their fates before it returns.
    package func run() async {
        await gate.entered.wait()
        let start = reporter.clock.now
        await withDiscardingTaskGroup { group in
            addClients(to: &group)
            for intent in Arrivals(workload, seed: race.seed) {
                guard await pause(until: start + intent.time), !stage.isClosed else { break }
                guard gate.isOpen else {
                    divert()
                    continue
                }
                admission.enter(.admitted)
                group.addTask { await self.visit(intent) }
            }
        }
        tellDiverted(gate.takeDiverted(at: reporter.clock.now))
    }

    private func addClients(to group: inout DiscardingTaskGroup) {
        if let target = workload.target {
            group.addTask { await self.check(target) }
            add(workload.slow, to: &group) { traffic, _ in await traffic.keepBusy(target) }
            if workload.fresh > 0 { group.addTask { await self.keepConnecting(target) } }
        }
        add(workload.idleConnections, to: &group) { await $0.keepIdle($1) }
        add(workload.slowReaders, to: &group) { traffic, _ in await traffic.keepReadingSlowly(.slowReader) }
        add(workload.strays, to: &group) { traffic, index in
            let distance = traffic.workload.strayDistance
            guard await traffic.pause(.seconds(distance.seconds * Double(index))) else { return }
            await traffic.keepReadingSlowly(.stray)
        }
        add(workload.websockets, to: &group) { await $0.keepWebSocket($1) }
        add(workload.silent, to: &group) { traffic, _ in await traffic.keepHeld(.silent) }
        add(workload.halfSent, to: &group) { traffic, _ in await traffic.keepHeld(.halfSent) }
        add(workload.pipelined, to: &group) { traffic, _ in await traffic.keepPipelining() }
        add(workload.slowUploads, to: &group) { await $0.keepUploading($1) }
        add(workload.racers, to: &group) { await $0.keepReadyToRace($1) }
    }

    /// Starts the clients one after the other, so that they do not fill the server's accept queue all at once.
    private func add(
        _ count: Int, to group: inout DiscardingTaskGroup,
        _ client: @escaping @Sendable (TrafficGenerator, Int) async -> Void
    ) {
        for index in 0..<count {
            group.addTask { if await self.pause(.milliseconds(Int64(index))) { await client(self, index) } }
        }
    }

    private func visit(_ intent: Arrivals.Intent) async {
        admission.leave(.admitted)
        admission.enter(.visiting)
        await serve(intent)
        admission.leave(.visiting)
    }

    /// Runs a client again and again, with a pause between, as long as the server is there and takes its kind of work.
    func keep(_ kind: ClientKind, every span: Time = .seconds(1), _ client: () async -> Void) async {
        while !isOver, !Task.isCancelled, !knowledge.skipped.contains(kind), !isEnough {
            if mayStart, !stage.isClosed { await client() }
            guard await pause(span) else { break }
        }
    }

    /// Sends no more work of a kind that a server other than the demo's showed not to take while it served.
    func skip(_ kind: ClientKind, because cause: String) {
        guard workload.target != nil, !stage.isSignalled, knowledge.skip(kind) else { return }
        reporter.tell(.connection(.workSkipped(.clients(kind), cause: cause)), from: .client)
    }

    /// Sleeps on the event loop, so that no other thread wakes up; false when the task is cancelled.
    func pause(_ span: Time) async -> Bool { await pause(until: reporter.clock.now + span) }

    func pause(until moment: Time) async -> Bool {
        let left = moment - reporter.clock.now
        guard left > .zero, !Task.isCancelled else { return !Task.isCancelled }
        let timer = loop.scheduleTask(in: .microseconds(left.microseconds)) {}
        await withTaskCancellationHandler {
            _ = try? await timer.futureResult.get()
        } onCancel: {
            timer.cancel()
        }
        return !Task.isCancelled
    }

    // MARK: What the run tells its clients

    package func rotate(in isIn: Bool) {
        gate.set(open: isIn)
        if isIn { tellDiverted(gate.takeDiverted(at: reporter.clock.now)) }
    }

    func divert() { tellDiverted(gate.divert(at: reporter.clock.now)) }

    private func tellDiverted(_ count: Int?) {
        if let count { reporter.tell(.balancer(.diverted(count: count)), from: .balancer) }
    }

    /// No new client arrives; what is open stays.
    package func close() { stage.advance(to: .closed) }

    /// The server's process has ended: slow readers read on at once, and no client begins anything.
    package func serverLeft() {
        stage.advance(to: .serverGone)
        requests.releaseWaiters()
        race.wakeAll()
        held.readOn()
        pool.close()
    }

    package func giveUp() {
        pool.giveUp()
        held.giveUp()
    }

    package func isPaying(_ order: Int) -> Bool { payments.isInFlight(order) }

    /// Waits until so many requests have been sent and not been answered yet, or for so long.
    package func wait(untilInFlight count: Int, atMost patience: Time) async {
        guard !isOver else { return }
        await requests.reach(count).wait(atMost: patience, reporter.clock)
    }

    /// Waits until all clients that the balancer admitted are connected, or for so long.
    package func waitUntilConnected(atMost patience: Time) async {
        let end = reporter.clock.now + patience
        while !admission.isEveryoneConnected, !isOver, reporter.clock.now < end {
            guard await pause(.milliseconds(10)) else { return }
        }
    }
}
