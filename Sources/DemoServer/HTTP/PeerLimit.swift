import NIOCore
import ShutdownTrace

/// Gives up on a client that does nothing while the server waits for it: sends no rest of its request, or takes no byte
/// of its answer, for a second.
///
/// It counts from the drain on; as long as the server serves, a client may take its time. It sits in front of the HTTP
/// codecs, where bytes are counted as they come and go.
final class PeerLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    private let connections: Connections
    private var hasMoved = false
    /// Bytes of answers that wait for the client.
    private var pending = 0
    private var looks = 0
    private var timer: Scheduled<Void>?

    /// Between two looks, and looks without a byte until it gives up.
    private static let pause = TimeAmount.milliseconds(100), patience = 10

    init(_ connection: HTTPConnection, _ connections: Connections) {
        self.connection = connection
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if connections.isDraining { begin(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasMoved = true
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case Connections.Order.drain = event { begin(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    private func begin(_ context: ChannelHandlerContext) {
        if timer == nil { lookLater(context) }
    }

    private func lookLater(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let isWaiting = left > 0 || connection.isWaitingForBody
        if hasMoved || left < pending || !isWaiting { looks = 0 } else { looks += 1 }
        (hasMoved, pending) = (false, left)
        guard looks >= Self.patience else { return lookLater(context) }
        context.fireUserInboundEventTriggered(Connections.Order.giveUpOnPeer)
    }
}
