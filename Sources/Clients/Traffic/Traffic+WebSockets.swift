import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Platform
import ShutdownTrace

extension Traffic {
    /// Holds one WebSocket open, pinging now and then; opens another when it ends.
    func keepWebSocket(_ index: Int) async {
        await keep(.websocket) {
            let id = newID()
            let path = workload.target?.webSocket ?? "/ws"
            if let channel = await openWebSocket(id, path) {
                await untilClosed(channel)
            } else {
                skip(.websocket, because: "\(path) did not take the upgrade")
            }
        }
    }

    /// Until the peer ends it, or the run does.
    private func untilClosed(_ channel: any Channel) async {
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            // The server is gone; give its last bytes a moment to arrive.
            channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        }
    }

    private func openWebSocket(_ id: Int, _ path: String) async -> (any Channel)? {
        let upgraded = try? await connect { try await startUpgrade(id, path, at: $0) }
        guard let channel = try? await upgraded?.get() else { return nil }
        return channel
    }

    private func startUpgrade(
        _ id: Int, _ path: String, at address: SocketAddress
    ) async throws -> EventLoopFuture<(any Channel)?> {
        let (reporter, host, others) = (reporter, host, workload.target?.headers ?? [])
        return try await ClientBootstrap(group: loop).connectTimeout(connectTimeout).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(WebSocketPeer(id: id, reporter))
                            return true
                        }
                    })
                var headers = HTTPHeaders()
                headers.add(name: "Host", value: host)
                for header in others { headers.add(name: header.name, value: header.value) }
                headers.add(name: "X-Request-Id", value: String(id))
                let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
                let upgrade = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: head, upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeSucceededFuture(false)
                    })
                let result = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: .init(upgradeConfiguration: upgrade))
                let limit = channel.eventLoop.scheduleTask(in: .seconds(3)) { channel.close(promise: nil) }
                result.whenComplete { _ in limit.cancel() }
                return result.map { $0 ? channel : nil }
            }
        }
    }
}

/// The client's end of one WebSocket: pings, echoes a Close, and tells how it ended (RFC 6455, sections 5.5 and 7).
final class WebSocketPeer: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let id: Int
    private let reporter: Reporter
    private var code: UInt16?
    private var isReset = false
    private var nextPing: Scheduled<Void>?

    init(id: Int, _ reporter: Reporter) {
        (self.id, self.reporter) = (id, reporter)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        reporter.tell(.webSocket(.opened(id: id)), from: .client)
        ping(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .ping: send(.pong, frame.unmaskedData, context)
        case .connectionClose:
            guard code == nil else { return }
            var payload = frame.unmaskedData
            // 1005: closed without a code (RFC 6455, section 7.1.5).
            code = payload.readInteger(as: UInt16.self) ?? 1005
            send(.connectionClose, frame.unmaskedData, context)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isReset = isReset || Outcome.errno(of: error) != 0
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        nextPing?.cancel()
        // 1006: gone without a Close frame.
        let closed = WebSocketEvent.ClosedWebSocket(
            id: id, code: Int(code ?? 1006), isClean: code != nil && !isReset, end: isReset ? .reset : .fin)
        reporter.tell(.webSocket(.closed(closed)), from: .client)
        context.fireChannelInactive()
    }

    private func ping(_ context: ChannelHandlerContext) {
        nextPing = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) {
            self.send(.ping, ByteBuffer(), context)
            self.ping(context)
        }
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}
