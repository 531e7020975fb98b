import Glibc
import LifecycleTrace
import NIOCore
import NIOPosix
import Platform
import ShutdownTrace

/// The listening socket, and the drain of the connections that came through it.
///
/// Before the listener closes, it accepts the connections in the kernel's accept queue, because close(2) resets each of
/// them. Then requests in flight are finished, or cut and named at the drain's deadline.
final class HTTPListener: ServerResource {
    let kind = ResourceKind.listener
    let emitter: Emitter

    private let descriptor: Int32
    private let channel: any Channel
    private let server: HTTPServer
    /// The limit for requests in flight; nil for none.
    private let limit: Time?
    private let clock: OneShotEvent.LimitClock
    private let shutdown: ShutdownControl
    private let sidecar: SidecarProcess?

    /// Connections that may wait in the accept queue; the kernel caps it at net.core.somaxconn (listen(2)).
    private static let backlog: Int32 = 8192

    /// Begins to listen on a reserved port.
    init(_ port: ReservedPort, server: HTTPServer, limit: Time?, shutdown: ShutdownControl) async throws(Fault) {
        self.server = server
        self.limit = limit
        clock = server.behaviour.drain == .limitedInRunningTime ? .running : .monotonic
        self.shutdown = shutdown
        emitter = server.emitter
        descriptor = port.descriptor
        do {
            channel = try await Self.bootstrap(server).withBoundSocket(port.descriptor).get()
        } catch {
            throw ReservedPort.busy(port.number, (error as? IOError)?.errnoCode ?? EADDRINUSE)
        }
        // NIO listens with a backlog of 128 on a socket that it is given; listen(2) may change the number at any time.
        listen(port.descriptor, Self.backlog)
        if case .sidecar(let leash) = server.behaviour.helper {
            sidecar = SidecarProcess(leash, listener: port.descriptor)
            if sidecar == nil {
                emitter.report(Fault("the server's helper, sh, could not be started; see that it is in PATH"))
            }
        } else {
            sidecar = nil
        }
        emitAcquired("127.0.0.1:\(port.number)")
        emitter.emit(.connection(.listenerOpened(port: port.number)))
    }

    func stopIntake() {
        let behaviour = server.behaviour
        if behaviour.announcement == .closes { server.connections.announceClose() }
        if behaviour.acceptQueue == .stopsAtTheSignal {
            channel.setOption(.autoRead, value: false).whenComplete { _ in }
        }
        if behaviour.drain == .cutAtTheSignal { server.connections.cut(cause: "the shutdown began") }
    }

    func beginRelease() -> Int { server.connections.inFlight }

    func release() async throws(Fault) -> String {
        if server.behaviour.acceptQueue == .untilEmpty { await close() }
        let open = server.connections.inFlight
        emitQuiesced("closed, \(open) left")
        emitter.emit(.shutdown(.drainBegan(open: open)))
        server.hub.closeAll()
        server.connections.drain()
        let cut = await finishOrCut()
        await shutdown.gate.pass(to: .endDrain, unless: shutdown.forced)
        emitter.emit(.shutdown(.drainEnded(left: cut)))
        if server.behaviour.acceptQueue == .stopsAtTheSignal { await abandonQueue() }
        await sidecar?.release()
        return cut == 0 ? "all answered" : "\(cut) cut"
    }

    private func finishOrCut() async -> Int {
        let connections = server.connections
        let outcome = await connections.settled.outcome(within: limit, by: clock, unless: shutdown.forced)
        guard outcome != .fired else { return 0 }
        let left = connections.inFlight
        if outcome == .timedOut {
            emitter.emit(.shutdown(.drainDeadlinePassed(left: left)))
            if server.behaviour.deadline == .exits { shutdown.exitOnTheSpot() }
            if left > 0 { shutdown.cut(.drainDeadline) }
        }
        connections.cut(cause: outcome == .timedOut ? ForcedCause.drainDeadline.text : "forced")
        await connections.settled.outcome(within: .seconds(1))
        return left
    }

    /// Accepts the connections in the accept queue, and closes the listener.
    func close() async {
        let taken = await drainAcceptQueue()
        emitter.emit(.connection(.listenerDrained(count: taken.count)))
        try? await channel.closeFuture.get()
        emitter.emit(.connection(.listenerClosed))
        for socket in taken { await adopt(socket) }
    }

    /// Closes the listener without accepting the connections in its queue: close(2) resets each of them.
    private func abandonQueue() async {
        try? await channel.close()
        emitter.emit(.connection(.listenerClosed))
    }

    /// Accepts until the queue is empty (EAGAIN) and closes at once, on the listener's event loop.
    private func drainAcceptQueue() async -> [Int32] {
        let accepted = try? await channel.eventLoop.submit { [descriptor, channel] in
            var accepted: [Int32] = []
            while true {
                let next = accept(descriptor, nil, nil)
                if next >= 0 {
                    _ = fcntl(next, F_SETFD, FD_CLOEXEC)
                    accepted.append(next)
                } else if errno != EINTR && errno != ECONNABORTED {
                    break
                }
            }
            channel.close(promise: nil)
            return accepted
        }.get()
        return accepted ?? []
    }

    /// Serves a connection that was accepted from the queue.
    private func adopt(_ socket: Int32) async {
        let server = server
        _ = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                server.connections.add(channel)
                return channel.eventLoop.makeCompletedFuture { try server.configure(channel) }
            }
            .withConnectedSocket(socket).get()
    }

    private static func bootstrap(_ server: HTTPServer) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.maxMessagesPerRead, value: 256)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionRegistrar(server.connections))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try server.configure(channel) }
            }
    }
}

/// Adds each connection to ``Connections`` when it is accepted, so that a drain misses none.
private final class ConnectionRegistrar: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let connections: Connections

    init(_ connections: Connections) {
        self.connections = connections
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connections.add(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}
