import NIOCore
import NIOHTTP1
import NIOPosix
import ShutdownTrace

/// All clients of a run, on real sockets, on one event loop.
///
/// Arrivals never wait for answers. Every request that is started is finished exactly once, with the fate that its own
/// socket showed.
actor Traffic {
    nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// Bytes that a slow reader takes at once.
    static let sip = 65_536

    let reporter: Reporter
    let workload: Workload
    let address: SocketAddress
    let connectTimeout: TimeAmount
    private let seed: UInt64
    /// The server was in rotation for the first time.
    private let entered = Latch()
    private var isInRotation = false
    private var isClosed = false
    private(set) var isOver = false
    private var lastID = 0
    private var diverted = (count: 0, told: Time.zero)
    private var waiters: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
    private var slow: [Int: any Channel] = [:]
    /// Exchanges in flight, those of the balancer included.
    private var live: [ObjectIdentifier: Exchange] = [:]
    private var isSweeping = false
    /// Requests in flight, those that are still connecting included.
    private(set) var inFlight = 0
    /// Idle connections that a request of the kind may use.
    var pools: [String: [Exchange]] = [:]
    /// What the clients believe of each order, and the last request that was sent for it.
    var beliefs: [Int: (belief: PaymentAttempts.Belief, id: Int)] = [:]

    /// Makes the clients of a server on this port of 127.0.0.1.
    ///
    /// The loop is one of NIO's own, so that this actor, its channels and its tasks share one thread.
    ///
    /// - Throws: What NIO says of an address that cannot be.
    init(
        _ workload: Workload, seed: UInt64, port: Int, on loop: any EventLoop, _ reporter: Reporter,
        connectTimeout: Time = .seconds(3)
    ) throws {
        (self.workload, self.seed, self.loop, self.reporter) = (workload, seed, loop, reporter)
        self.connectTimeout = .microseconds(connectTimeout.microseconds)
        address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
    }

    /// Begins with the first rotation and runs until it is cancelled; requests in flight still get their fates before it returns.
    func run() async {
        await entered.wait()
        let start = reporter.clock.now
        await withDiscardingTaskGroup { group in
            for index in 0..<workload.idleConnections { group.addTask { await self.keepIdle(index) } }
            for _ in 0..<workload.slowReaders { group.addTask { await self.keepReadingSlowly() } }
            for index in 0..<workload.websockets { group.addTask { await self.keepWebSocket(index) } }
            for intent in Arrivals(workload, seed: seed) {
                guard await pause(until: start + intent.time), !isClosed else { break }
                if isInRotation { group.addTask { await self.serve(intent) } } else { divert() }
            }
        }
        flushDiverted()
    }

    /// The balancer's decision.
    func rotate(in isIn: Bool) {
        isInRotation = isIn
        guard isIn else { return }
        entered.open()
        flushDiverted()
    }

    /// No new request arrives; what is open stays.
    func close() { isClosed = true }

    /// The process is gone: whoever reads slowly reads on at once, and nobody begins anything.
    func serverLeft() {
        (isClosed, isOver) = (true, true)
        release { _ in true }
        for channel in slow.values { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
        for exchange in pools.values.joined() { exchange.close() }
        pools = [:]
    }

    /// Whoever still waits stops waiting.
    func giveUp() {
        for exchange in live.values { exchange.giveUp() }
    }

    /// Waits until so many requests are in flight, or for so long.
    func wait(untilInFlight count: Int, atMost patience: Time) async {
        guard inFlight < count, !isOver else { return }
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
    func track(_ exchange: Exchange) {
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
    func pause(_ span: Time) async -> Bool { await pause(until: reporter.clock.now + span) }

    /// The same until a moment of the run.
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

    func newID() -> Int {
        lastID += 1
        return lastID
    }

    var mayStart: Bool { isInRotation && !isOver && !Task.isCancelled }

    /// Opens a connection; a slow one reads only when told to, from a small receive buffer.
    ///
    /// - Returns: The channel, and the handler at its end.
    /// - Throws: What NIO throws when the connection is refused, reset or timed out.
    func connect(isSlow: Bool = false) async throws -> (channel: any Channel, exchange: Exchange) {
        var bootstrap = ClientBootstrap(group: loop).connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let meter = ByteMeter()
                    try channel.pipeline.syncOperations.addHandler(meter)
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Exchange(meter))
                }
            }
        if isSlow {
            bootstrap = bootstrap.channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.sip))
                .channelOption(.maxMessagesPerRead, value: 1)
        }
        let channel = try await bootstrap.connect(to: address).get()
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            throw ChannelError.ioOnClosedChannel
        }
        return (channel, exchange)
    }

    func track(_ id: Int, slow channel: (any Channel)?) { slow[id] = channel }

    func began() {
        inFlight += 1
        release { $0 <= inFlight }
    }

    func ended() { inFlight -= 1 }

    private func release(_ isDue: (Int) -> Bool) {
        for waiter in waiters where isDue(waiter.count) { waiter.resume.resume() }
        waiters.removeAll { isDue($0.count) }
    }

    /// At most two events a second, however many requests go elsewhere.
    private func divert() {
        diverted.count += 1
        if reporter.clock.now - diverted.told >= .seconds(0.5) { flushDiverted() }
    }

    private func flushDiverted() {
        guard diverted.count > 0 else { return }
        reporter.tell(.requestDiverted, from: .balancer, [.count: .number(diverted.count)])
        diverted = (0, reporter.clock.now)
    }
}
