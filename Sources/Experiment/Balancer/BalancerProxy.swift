import NIOCore
import NIOPosix
import Platform
import ShutdownTrace

/// The balancer as a TCP proxy on an event loop of its own.
///
/// It listens only while an instance is in rotation; see ``BalancerKind/proxy``.
actor BalancerProxy: Balancer {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }
    nonisolated var port: Int { reserved.number }

    private struct Member {
        let prober: Prober
        var isIn = false
    }

    private nonisolated let group: MultiThreadedEventLoopGroup
    private nonisolated let loop: any EventLoop
    private nonisolated let reserved: HeldPort
    private nonisolated let polling: Polling
    private nonisolated let entries = [1: OneShotEvent(), 2: OneShotEvent()]
    private nonisolated let reporter: Reporter
    private nonisolated let arrivals: AsyncStream<Int>
    private nonisolated let announce: AsyncStream<Int>.Continuation
    private var members: [Int: Member] = [:]
    private var door: EventLoopFuture<any Channel>?
    /// The instance that got the last connection.
    private var last = 0

    /// - Throws: ``ExperimentError`` when no port is left.
    init(_ plan: BalancerPlan, _ reporter: Reporter) throws(ExperimentError) {
        reserved = try HeldPort()
        polling = Polling(plan)
        self.reporter = reporter
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        (arrivals, announce) = AsyncStream.makeStream(of: Int.self)
    }

    nonisolated func entered(_ instance: Int) -> OneShotEvent { entries[instance] ?? OneShotEvent() }

    func add(_ instance: Int, port: Int) {
        guard let prober = try? Prober(port: port, on: loop) else { return }
        members[instance] = Member(prober: prober)
        announce.yield(instance)
    }

    func run(under sentry: Guard) async {
        await withDiscardingTaskGroup { group in
            for await instance in arrivals { group.addTask { await self.poll(instance) } }
        }
    }

    nonisolated func change(to plan: BalancerPlan) -> Bool {
        polling.change(to: plan)
        return true
    }

    nonisolated func stop() async {
        announce.finish()
        try? await group.shutdownGracefully()
    }

    private func poll(_ instance: Int) async {
        guard let prober = members[instance]?.prober else { return }
        var rotation = Rotation(threshold: polling.plan.threshold)
        while !Task.isCancelled {
            let start = reporter.clock.now
            let plan = polling.plan
            let probe = await prober.probe(plan.path, patience: plan.interval + .seconds(1))
            guard !Task.isCancelled else { break }
            rotation.threshold = plan.threshold
            for event in rotation.take(probe, took: reporter.clock.now - start) {
                reporter.tell(.balancer(event), from: .balancer, instance: instance)
            }
            await rotate(instance, in: rotation.isIn)
            guard await polling.wait(after: start, isIn: rotation.isIn, reporter.clock) else { break }
        }
    }

    /// Returns when clients are let in, or refused, accordingly.
    private func rotate(_ instance: Int, in isIn: Bool) async {
        members[instance]?.isIn = isIn
        guard members.values.contains(where: \.isIn) else { return closeDoor() }
        let door = door ?? openDoor()
        self.door = door
        do {
            _ = try await door.get()
            if isIn { entries[instance]?.fire() }
        } catch {
            self.door = nil
            reporter.fault("The balancer cannot listen on port \(port): \(error).")
        }
    }

    private func openDoor() -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 256)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Arrival { client in self.assumeIsolated { $0.place(client) } })
                }
            }
            .bind(host: "127.0.0.1", port: port)
    }

    private func closeDoor() {
        door?.whenSuccess { $0.close(promise: nil) }
        door = nil
    }

    /// Connects a client to the instance whose turn it is.
    private func place(_ client: any Channel) {
        guard let address = choose() else { return BalancerSplice.reset(client) }
        ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: address)
            .whenComplete { result in
                switch result {
                case .success(let server) where client.isActive: BalancerSplice.join(client, server)
                case .success(let server): BalancerSplice.reset(server)
                case .failure: BalancerSplice.reset(client)
                }
            }
    }

    private func choose() -> SocketAddress? {
        let ready = members.filter(\.value.isIn).keys.sorted()
        guard let next = ready.first(where: { $0 > last }) ?? ready.first else { return nil }
        last = next
        return members[next]?.prober.addresses.first
    }
}

/// Hands a connection on as soon as it is there.
private final class Arrival: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let place: (any Channel) -> Void

    init(_ place: @escaping (any Channel) -> Void) {
        self.place = place
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        place(context.channel)
    }
}
