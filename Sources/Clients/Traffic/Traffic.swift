package import NIOCore
import NIOPosix
package import Platform
package import ShutdownTrace

/// All clients of a run, on real sockets, on one event loop.
///
/// Arrivals never wait for answers. Every request that is started is finished exactly once, with the fate that its own
/// socket showed.
package actor Traffic {
    package nonisolated let loop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// Bytes that a slow reader takes at once.
    static let sip = 65_536

    package nonisolated let reporter: Reporter
    package let workload: Workload
    /// For the `Host` header.
    package let host: String
    package let connectTimeout: TimeAmount
    /// Whether a balancer is in front of the server, and its clients repeat what they may: see ``Replacement``.
    package let isBalanced: Bool
    package let seed: UInt64
    /// Where the server may be; only one, once it was found.
    private var addresses: [SocketAddress]
    /// The server was in rotation for the first time.
    package let entered = OneShotEvent()
    package private(set) var isInRotation = false
    /// The target was looked at, and what is wrong with it.
    let looked = OneShotEvent()
    package var complaint: String?
    package private(set) var isClosed = false
    package private(set) var isOver = false
    /// The first signal that asks the server to stop was sent.
    var isSignalled = false
    /// A signal is about to be sent: its consequences may be here before the word of it.
    var isAboutToBeSignalled = false
    /// The server has told that it drains.
    var isDraining = false
    private var lastID = 0
    private var diverted = (count: 0, told: Time.zero)
    private var waiters: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
    private var slow: [Int: any Channel] = [:]
    /// Exchanges in flight, those of the balancer included.
    private var live: [ObjectIdentifier: Exchange] = [:]
    private var isSweeping = false
    /// Requests in flight, those that are still connecting included.
    package private(set) var inFlight = 0
    /// Those of them whose first byte has left.
    private var sent: Set<Int> = []
    /// The client's port of each request on its way to a server of which nothing is known.
    var rides: [Int: Int] = [:]
    /// Connections on which nothing is owed.
    var held: [Int: HeldConnection] = [:]
    /// When the racers run, once that is known, and what wakes each of them then.
    package var race: Time?
    var isRacePlanned = false
    package var racers: [Int: OneShotEvent] = [:]
    /// Exchanges of slow readers that will begin another request when the signal is sent.
    package var strays: [Int: Exchange] = [:]
    /// Kinds of work that this server showed not to take.
    package var skipped: Set<ClientKind> = []
    /// Kinds of which one was answered whole.
    var succeeded: Set<ClientKind> = []
    var answers = KnownAnswers()
    /// Idle connections ask for the root, which is answered at once and leaves them idle; false where it ends them.
    var asksRoot = true
    /// When the first of those came that come at an even pace.
    var newcomersSince: Time?
    /// Requests in flight on connections of their own.
    var freshOpen = 0
    /// Clients that the balancer has let pass and that do not yet connect, and those that do.
    private var starting = 0
    private var connecting = 0
    /// What clients came for and have not yet got, waits between two attempts included.
    package private(set) var errands = 0
    /// Orders with a request in flight.
    var paying: Set<Int> = []
    /// Idle connections that a request of the kind may use.
    var pools: [ClientKind: [(exchange: Exchange, since: Time)]] = [:]
    /// What the clients believe of each order, and the last request that was sent for it.
    package var beliefs: [Int: (belief: PaymentBelief, id: Int)] = [:]

    /// Makes the clients of a server on this port, of 127.0.0.1 where the workload names no target.
    ///
    /// The loop is one of NIO's own, so that this actor, its channels and its tasks share one thread.
    ///
    /// - Throws: What NIO says of an address that cannot be.
    package init(
        _ workload: Workload, seed: UInt64, port: Int, on loop: any EventLoop, _ reporter: Reporter,
        connectTimeout: Time = .seconds(3), isBalanced: Bool = false
    ) throws {
        self.isBalanced = isBalanced
        var workload = workload
        if let path = workload.target?.url.path {
            workload.target?.url.path = path.replacing("{port}", with: "\(port)")
        }
        (self.workload, self.seed, self.loop, self.reporter) = (workload, seed, loop, reporter)
        self.connectTimeout = .microseconds(connectTimeout.microseconds)
        host = "\(workload.target?.url.host ?? "127.0.0.1"):\(port)"
        addresses = try (workload.target?.url.addresses ?? ["127.0.0.1"]).map {
            try SocketAddress(ipAddress: $0, port: port)
        }
    }

    /// Begins with the first rotation and runs until it is cancelled; requests in flight still get their fates before it returns.
    package func run() async {
        await entered.wait()
        let start = reporter.clock.now
        await withDiscardingTaskGroup { group in
            addClients(to: &group)
            for intent in Arrivals(workload, seed: seed) {
                guard await pause(until: start + intent.time), !isClosed else { break }
                guard isInRotation else {
                    divert()
                    continue
                }
                starting += 1
                group.addTask { await self.run(intent) }
            }
        }
        flushDiverted()
    }

    private func addClients(to group: inout DiscardingTaskGroup) {
        if let target = workload.target {
            group.addTask { await self.look(at: target) }
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

    /// One client after the other, so that they do not fill the server's accept queue all at once.
    private func add(
        _ count: Int, to group: inout DiscardingTaskGroup, _ client: @escaping @Sendable (Traffic, Int) async -> Void
    ) {
        for index in 0..<count {
            group.addTask { if await self.pause(.milliseconds(Int64(index))) { await client(self, index) } }
        }
    }

    private func run(_ intent: Arrivals.Intent) async {
        (starting, errands) = (starting - 1, errands + 1)
        await serve(intent)
        errands -= 1
    }

    /// Whether an answer to this order's payment is awaited.
    package func isPaying(_ order: Int) -> Bool { paying.contains(order) }

    /// The balancer's decision.
    package func rotate(in isIn: Bool) {
        isInRotation = isIn
        guard isIn else { return }
        entered.fire()
        flushDiverted()
    }

    /// Returns when everybody whom the balancer has let pass is connected, or after so long.
    package func waitUntilConnected(atMost patience: Time) async {
        let end = reporter.clock.now + patience
        while starting + connecting > 0, !isOver, reporter.clock.now < end {
            guard await pause(.milliseconds(10)) else { return }
        }
    }

    /// No new request arrives; what is open stays.
    package func close() { isClosed = true }

    /// The process is gone: whoever reads slowly reads on at once, and nobody begins anything.
    package func serverLeft() {
        (isClosed, isOver) = (true, true)
        release { _ in true }
        for event in racers.values { event.fire() }
        for channel in slow.values { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
        for (exchange, _) in pools.values.joined() { exchange.close() }
        pools = [:]
    }

    /// Whoever still waits stops waiting.
    package func giveUp() {
        for exchange in live.values { exchange.giveUp() }
        for connection in held.values { connection.giveUp() }
    }

    /// Waits until so many requests have been sent and not been answered yet, or for so long.
    package func wait(untilInFlight count: Int, atMost patience: Time) async {
        guard sent.count < count, !isOver else { return }
        let clock = reporter.clock
        let timer = Task {
            try await clock.sleep(patience)
            self.release { _ in true }
        }
        await withCheckedContinuation { waiters.append((count, $0)) }
        timer.cancel()
    }

    /// Counts an exchange as waiting for its answer.
    ///
    /// One sweep looks after all of them: NIO finds a scheduled task to cancel by searching, which would cost more
    /// than the request when thousands wait.
    package func track(_ exchange: Exchange) {
        live[ObjectIdentifier(exchange)] = exchange
        if !isSweeping { sweepLater() }
    }

    func untrack(_ exchange: Exchange) { live[ObjectIdentifier(exchange)] = nil }

    private func sweepLater() {
        isSweeping = true
        loop.assumeIsolated().scheduleTask(in: .milliseconds(100)) { self.assumeIsolated { $0.sweep() } }
    }

    private func sweep() {
        let now = NIODeadline.now()
        for exchange in live.values { exchange.giveUp(after: now) }
        if live.isEmpty { isSweeping = false } else { sweepLater() }
    }

    /// Sleeps on the event loop, so that no other thread wakes up; false when the task is cancelled.
    package func pause(_ span: Time) async -> Bool { await pause(until: reporter.clock.now + span) }

    /// The same until a moment of the run.
    package func pause(until moment: Time) async -> Bool {
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

    func newID() -> Int {
        lastID += 1
        return lastID
    }

    var mayStart: Bool { isInRotation && !isOver && !Task.isCancelled }

    /// Runs a client again and again, with a pause between, as long as the server is there and takes its kind of work.
    ///
    /// A server of which nothing is known gets no more of it once it has its signal, or the check itself could hold it
    /// for ever; new connections go on and show how it treats them.
    package func keep(_ kind: ClientKind, every span: Time = .seconds(1), _ client: () async -> Void) async {
        while !isOver, !Task.isCancelled, !skipped.contains(kind), !isEnough {
            if mayStart, !isClosed { await client() }
            guard await pause(span) else { break }
        }
    }

    /// Whether clients that come again and again have done their part.
    var isEnough: Bool { isSignalled && workload.target != nil }

    /// The server showed that it does not take this kind of work, while it was not leaving: no more of it is sent.
    ///
    /// Only a server of which nothing is known can show that.
    package func skip(_ kind: ClientKind, because cause: String) {
        guard workload.target != nil, !isSignalled, skipped.insert(kind).inserted else { return }
        reporter.tell(.connection(.workSkipped(.clients(kind.rawValue), cause: cause)), from: .client)
    }

    /// Opens a connection; a slow one reads only when told to, from a small receive buffer.
    ///
    /// - Returns: The channel, and the handler at its end.
    /// - Throws: What NIO throws when the connection is refused, reset or timed out.
    package func connect(isSlow: Bool = false) async throws -> (channel: any Channel, exchange: Exchange) {
        let channel = try await open(isSlow: isSlow) { [host] in Exchange(host: host) }
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            throw ChannelError.ioOnClosedChannel
        }
        return (channel, exchange)
    }

    /// Opens a connection with this handler at its end.
    package func open<Handler: ChannelHandler>(
        isSlow: Bool = false, _ handler: @escaping @Sendable () -> Handler
    ) async throws -> any Channel {
        var bootstrap = ClientBootstrap(group: loop).connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
            }
        if isSlow {
            bootstrap = bootstrap.channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.sip))
                .channelOption(.maxMessagesPerRead, value: 1)
        }
        return try await connect { try await bootstrap.connect(to: $0).get() }
    }

    /// Tries each address of the server until one accepts; that is the server's from then on.
    package func connect<Connection>(_ attempt: (SocketAddress) async throws -> Connection) async throws -> Connection {
        connecting += 1
        defer { connecting -= 1 }
        var failure: any Error = ChannelError.ioOnClosedChannel
        for address in addresses {
            do {
                let connection = try await attempt(address)
                addresses = [address]
                return connection
            } catch { failure = error }
        }
        throw failure
    }

    package func track(_ id: Int, slow channel: (any Channel)?) { slow[id] = channel }

    package func began() { inFlight += 1 }

    /// The first byte of a request is on its way.
    package func left(_ id: Int) {
        sent.insert(id)
        release { $0 <= sent.count }
    }

    package func ended(_ id: Int) {
        inFlight -= 1
        sent.remove(id)
        rides[id] = nil
    }

    private func release(_ isDue: (Int) -> Bool) {
        for waiter in waiters where isDue(waiter.count) { waiter.resume.resume() }
        waiters.removeAll { isDue($0.count) }
    }

    /// At most two events a second, however many requests go elsewhere.
    func divert() {
        diverted.count += 1
        if reporter.clock.now - diverted.told >= .seconds(0.5) { flushDiverted() }
    }

    private func flushDiverted() {
        guard diverted.count > 0 else { return }
        reporter.tell(.balancer(.diverted(count: diverted.count)), from: .balancer)
        diverted = (0, reporter.clock.now)
    }
}
