package import NIOCore
import NIOPosix
import Platform
package import ShutdownTrace

/// Opens the clients' connections: to the server itself, or to the balancer in front of it.
package struct Dialer: Sendable {
    let loop: any EventLoop
    let host: String
    /// Where the server may be.
    package let addresses: [SocketAddress]
    let timeout: TimeAmount
    /// Whether a balancer is in front, and the clients repeat what they may: see ``Replacement``.
    let isBalanced: Bool

    /// Bytes that a slow reader takes at once.
    static let slowChunk = 65_536

    /// Connects to this port of the URL's host, or of 127.0.0.1.
    package init(
        port: Int, of url: LocalURL? = nil, on loop: any EventLoop, timeout: Time = .seconds(3),
        isBalanced: Bool = false
    ) throws {
        self.loop = loop
        self.timeout = .microseconds(timeout.microseconds)
        self.isBalanced = isBalanced
        host = "\(url?.host ?? "127.0.0.1"):\(port)"
        addresses = try (url?.addresses ?? ["127.0.0.1"]).map { try SocketAddress(ipAddress: $0, port: port) }
    }

    /// Opens a connection with this handler at its end.
    ///
    /// A slow connection reads only when told to, from a small receive buffer.
    func open<Handler: ChannelHandler>(
        at address: SocketAddress, within limit: TimeAmount? = nil, isSlow: Bool = false,
        _ handler: @escaping @Sendable () -> Handler
    ) async throws -> any Channel {
        var bootstrap = ClientBootstrap(group: loop).connectTimeout(limit ?? timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
            }
        if isSlow {
            bootstrap = bootstrap.channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.slowChunk))
                .channelOption(.maxMessagesPerRead, value: 1)
        }
        return try await bootstrap.connect(to: address).get()
    }

    /// Asks each address for a path until one answers, each time on a new connection.
    package func ask(_ path: String, patience: Time) async -> Outcome {
        var outcome = Outcome(.refused)
        for address in addresses {
            outcome = await ask(path, at: address, patience: patience)
            if outcome.status != nil { break }
        }
        return outcome
    }

    private func ask(_ path: String, at address: SocketAddress, patience: Time) async -> Outcome {
        let limit = TimeAmount.microseconds(patience.microseconds)
        let request = Request(path: path, headers: [.init(name: "Connection", value: "close")], patience: patience)
        do {
            let channel = try await open(at: address, within: limit) { Exchange(host: host) }
            return try await withTaskCancellationHandler {
                try await channel.eventLoop.flatSubmit { Self.ask(request, over: channel, limit) }.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch { return Outcome(connecting: error) }
    }

    private static func ask(
        _ request: Request, over channel: any Channel, _ limit: TimeAmount
    ) -> EventLoopFuture<Outcome> {
        let promise = channel.eventLoop.makePromise(of: Outcome.self)
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            promise.succeed(Outcome(.resetEarly))
            return promise.futureResult
        }
        let timer = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) { exchange.giveUp() }
        exchange.send(
            request,
            Exchange.Listener { outcome in
                timer.cancel()
                promise.succeed(outcome)
                exchange.close()
            })
        return promise.futureResult
    }
}
