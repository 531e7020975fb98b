import NIOCore
import NIOPosix

/// One of the two ends of a connection through the balancer: bytes that come in here go out at the other end.
///
/// The end of each direction and resets are passed on too. An end that cannot be written to holds the reading of the
/// other, so no more than NIO's write buffers lies in between.
final class BalancerSplice: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Nil once either end is gone.
    private var other: BalancerSplice?
    private var context: ChannelHandlerContext?
    private var isReadHeld = false
    private var isReset = false

    /// Joins two connections of one event loop, neither of which has been read from.
    static func join(_ client: any Channel, _ server: any Channel) {
        let front = BalancerSplice()
        let back = BalancerSplice()
        front.other = back
        back.other = front
        do {
            try client.pipeline.syncOperations.addHandler(front)
            try server.pipeline.syncOperations.addHandler(back)
            for channel in [client, server] { try channel.syncOptions?.setOption(.autoRead, value: true) }
        } catch {
            reset(client)
            reset(server)
        }
    }

    /// Ends a connection with an RST (SO_LINGER with zero, socket(7)).
    static func reset(_ channel: any Channel) {
        // struct linger is two ints: on, and seconds.
        let now = (Int32(1), Int32(0))
        _ = (channel as? any SocketOptionProvider)?
            .unsafeSetSocketOption(level: .socket, name: .so_linger, value: now)
        channel.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        other = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { other?.context?.flush() }

    func read(context: ChannelHandlerContext) {
        isReadHeld = !(other?.context?.channel.isWritable ?? true)
        if !isReadHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, let other, other.isReadHeld else { return }
        other.isReadHeld = false
        other.context?.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { other?.endOutput() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is IOError { isReset = true }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let other else { return }
        self.other = nil
        if isReset, let channel = other.context?.channel { Self.reset(channel) } else { other.endOutput() }
    }

    /// Sends a FIN behind what was written: NIO drops what still waits when both directions of a channel are closed.
    private func endOutput() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenSuccess {
            context.close(mode: .output, promise: nil)
        }
    }
}
