import NIOCore
import NIOWebSocket
import Platform
import ShutdownTrace

/// The client's end of a WebSocket: pings, echoes a Close, and reports the end (RFC 6455, sections 5.5 and 7).
final class WebSocketPeer: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let id: Int
    private let reporter: Reporter
    private var code: UInt16?
    private var isReset = false
    /// The run is over, and nobody had closed it.
    private var isLeft = false
    private var nextPing: Scheduled<Void>?

    init(id: Int, _ reporter: Reporter) {
        self.id = id
        self.reporter = reporter
    }

    func handlerAdded(context: ChannelHandlerContext) {
        reporter.tell(.webSocket(.opened(id: id, port: context.channel.localAddress?.port)), from: .client)
        ping(context)
    }

    /// Leaves a connection that is still open at the end of the run.
    func leave(_ channel: any Channel) {
        isLeft = channel.isActive
        channel.close(promise: nil)
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
        // 1006: gone without a Close frame. A reset after the Close counts as clean: a server that does not wait for the
        // client's answer resets the connection (RFC 6455, section 7.1.1).
        let closed = WebSocketEvent.ClosedWebSocket(
            id: id, code: code.map { Int($0) } ?? (isLeft ? nil : 1006), isClean: code != nil,
            end: isLeft ? .open : isReset ? .reset : .fin)
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
