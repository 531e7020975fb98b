package import NIOCore
import NIOPosix
import Platform
package import ShutdownTrace

/// Opens the clients' connections: to the server itself, or to the balancer in front of it.
package struct Dialer: Sendable {
    let loop: any EventLoop
    /// For the `Host` header.
    package let host: String
    /// Where the server may be.
    package let addresses: [SocketAddress]
    let timeout: TimeAmount
    /// Whether a balancer is in front, and the clients repeat what they may: see ``Replacement``.
    let isBalanced: Bool

    /// Bytes that a slow reader takes at once.
    static let slowChunk = 65_536

    /// Connects to this port of the URL's host, or of 127.0.0.1.
    ///
    /// - Throws: What NIO says of an address that cannot be.
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
    /// A slow one reads only when told to, from a small receive buffer.
    package func open<Handler: ChannelHandler>(
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
}
