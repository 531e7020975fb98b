import LifecycleTrace
import NIOCore
import NIOWebSocket
import Platform
import ShutdownTrace

/// One WebSocket: echoes its messages, and closes with Close frames (RFC 6455, section 7).
final class WebSocketConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private enum Phase {
        case open
        /// The server sent a Close frame; that of the peer should come back.
        case told(timer: Scheduled<Void>)
        case closed
    }

    private let id: Int
    private let hub: WebSocketHub
    private var phase = Phase.open

    init(id: Int, hub: WebSocketHub) {
        self.id = id
        self.hub = hub
    }

    func handlerAdded(context: ChannelHandlerContext) {
        hub.emitter.emit(.webSocket(.opened(id: id)))
        hub.add(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch (frame.opcode, phase) {
        case (_, .closed): break
        case (.connectionClose, .told):
            hub.emitter.emit(.webSocket(.echoed(id: id)))
            close(.goingAway, isClean: true, .echoed, context)
        case (.connectionClose, .open):
            var body = frame.unmaskedData
            let code = body.readWebSocketErrorCode() ?? .normalClosure
            send(.connectionClose, Self.payload(code), context)
            close(code, isClean: true, .client, context)
        case (.ping, _): send(.pong, frame.unmaskedData, context)
        case (.text, .open), (.binary, .open), (.continuation, .open):
            send(frame.opcode, frame.unmaskedData, isFinal: frame.fin, context)
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case WebSocketHub.Command.goAway(let patience): goAway(patience, context)
        case WebSocketHub.Command.cut: close(.goingAway, isClean: false, .forced, context)
        case ChannelEvent.inputClosed: close(nil, isClean: false, .fin, context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(nil, isClean: false, .reset, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(nil, isClean: false, .broken, context)
    }

    private func goAway(_ patience: Time, _ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        send(.connectionClose, Self.payload(.goingAway), context)
        hub.emitter.emit(.webSocket(.told(id: id, code: 1001)))
        let timer = context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(patience.microseconds)) {
            self.close(.goingAway, isClean: false, .unanswered, context)
        }
        phase = .told(timer: timer)
    }

    /// Code 1006 stands for a connection that ended without a Close (RFC 6455, section 7.4.1).
    private func close(
        _ code: WebSocketErrorCode?, isClean: Bool, _ end: WebSocketEnd, _ context: ChannelHandlerContext
    ) {
        if case .closed = phase { return }
        if case .told(let timer) = phase { timer.cancel() }
        phase = .closed
        let number = code.map { UInt16(webSocketErrorCode: $0) } ?? 1006
        hub.emitter.emit(.webSocket(.closed(.init(id: id, code: Int(number), isClean: isClean, end: end))))
        let channel = context.channel
        context.close(promise: nil)
        hub.remove(channel, isClean: isClean)
    }

    private func send(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, isFinal: Bool = true, _ context: ChannelHandlerContext
    ) {
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrame(fin: isFinal, opcode: opcode, data: data)), promise: nil)
    }

    private static func payload(_ code: WebSocketErrorCode) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.write(webSocketErrorCode: code)
        return buffer
    }
}
