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

    /// What a server is asked until it answers, or whether it is ready.
    package enum Question: Sendable {
        /// A path: the probe of a balancer, or of a demo server.
        case path(String)
        /// What its clients ask for.
        case target(Target)

        /// Whether an answer with this status says that the server is still starting.
        package func isTooEarly(_ status: Int) -> Bool {
            guard case .target(let target) = self, target.expectation != .status(status) else { return false }
            return (502...504).contains(status)
        }

        func request(patience: Time) -> Request {
            var request =
                switch self {
                case .path(let path): Request(path: path, patience: patience)
                case .target(let target): target.request(patience: patience)
                }
            request.headers.append(.init(name: "Connection", value: "close"))
            // Whether an answer is right is for the clients to see.
            request.expectation = nil
            return request
        }
    }

    /// Asks each address until one answers, each time on a new connection.
    ///
    /// Of the target's answer only the head is waited for: some answers never end.
    package func ask(_ question: Question, patience: Time) async -> Outcome {
        var outcome = Outcome(.refused)
        for address in addresses {
            outcome = await ask(question, at: address, patience: patience)
            if outcome.status != nil { break }
        }
        return outcome
    }

    private func ask(_ question: Question, at address: SocketAddress, patience: Time) async -> Outcome {
        let limit = TimeAmount.microseconds(patience.microseconds)
        let request = question.request(patience: patience)
        let isHeadEnough = if case .target = question { true } else { false }
        do {
            let channel = try await open(at: address, within: limit) { Exchange(host: host) }
            let promise = channel.eventLoop.makePromise(of: Outcome.self)
            return try await withTaskCancellationHandler {
                channel.eventLoop.execute { Self.ask(request, over: channel, limit, isHeadEnough, promise) }
                return try await promise.futureResult.get()
            } onCancel: {
                // A server is not broken off in its answer, which would be an error to it: only nobody waits any more.
                if isHeadEnough { promise.fail(CancellationError()) } else { channel.close(promise: nil) }
            }
        } catch { return Outcome(connecting: error) }
    }

    private static func ask(
        _ request: Request, over channel: any Channel, _ limit: TimeAmount, _ isHeadEnough: Bool,
        _ promise: EventLoopPromise<Outcome>
    ) {
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            return promise.succeed(Outcome(.resetEarly))
        }
        let timer = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) { exchange.giveUp() }
        exchange.send(
            request,
            Exchange.Listener(
                answering: { head in
                    guard isHeadEnough else { return }
                    var outcome = Outcome(status: head.status, bytes: 0, isClosing: true)
                    outcome.product = head.product
                    promise.succeed(outcome)
                    // The rest of an answer that has one; the server must not wait for this client in its drain.
                    channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(100)) { exchange.giveUp() }
                },
                done: { outcome in
                    timer.cancel()
                    promise.succeed(outcome)
                    exchange.close()
                }))
    }
}
