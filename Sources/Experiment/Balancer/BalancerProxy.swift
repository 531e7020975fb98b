import Clients
import NIOCore
import NIOPosix
import Platform
import ShutdownTrace

/// A balancer that is a TCP proxy on an event loop of its own.
///
/// It listens only while an instance is in rotation: see ``BalancerKind/proxy``.
actor BalancerProxy: Balancer {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }
    nonisolated var port: Int { reserved.number }
    private nonisolated var loop: any EventLoop { group.next() }

    private struct Member {
        let dialer: Dialer
        var isIn = false
    }

    private nonisolated let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private nonisolated let reserved: HeldPort
    private nonisolated let polling: Polling
    private nonisolated let entries = [1: OneShotEvent(), 2: OneShotEvent()]
    private nonisolated let reporter: Reporter
    private nonisolated let announced = AsyncStream.makeStream(of: Int.self)
    private var members: [Int: Member] = [:]
    /// The listener, while an instance is in rotation.
    private var listener: EventLoopFuture<any Channel>?
    private var last = 0

    init(_ plan: BalancerPlan, _ reporter: Reporter) throws(RunError) {
        reserved = try HeldPort()
        polling = Polling(plan)
        self.reporter = reporter
    }

    nonisolated func entered(_ instance: Int) -> OneShotEvent { entries[instance] ?? OneShotEvent() }

    func add(_ instance: Int, port: Int) {
        guard let dialer = try? Dialer(port: port, on: loop) else { return }
        members[instance] = Member(dialer: dialer)
        announced.continuation.yield(instance)
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await instance in announced.stream { group.addTask { await self.poll(instance) } }
        }
    }

    nonisolated func change(to plan: BalancerPlan) -> Bool {
        polling.change(to: plan)
        return true
    }

    nonisolated func stop() async {
        announced.continuation.finish()
        try? await group.shutdownGracefully()
    }

    private func poll(_ instance: Int) async {
        await members[instance]?.dialer.poll(polling, reporter, instance: instance) {
            await self.rotate(instance, in: $0)
        }
    }

    /// Returns when clients are accepted, or refused, accordingly.
    private func rotate(_ instance: Int, in isIn: Bool) async {
        members[instance]?.isIn = isIn
        guard members.values.contains(where: \.isIn) else {
            listener?.whenSuccess { $0.close(promise: nil) }
            listener = nil
            return
        }
        let listener = listener ?? listen()
        self.listener = listener
        do {
            _ = try await listener.get()
            if isIn { entries[instance]?.fire() }
        } catch {
            self.listener = nil
            reporter.fault("The balancer cannot listen on port \(port): \(error).")
        }
    }

    private func listen() -> EventLoopFuture<any Channel> {
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
        return members[next]?.dialer.addresses.first
    }
}

/// Hands a connection on as soon as it is open.
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
