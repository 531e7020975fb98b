import NIOCore
import ShutdownTrace

/// Gives up on a client that moves no byte for a second while the server waits for it: for the rest of its request, or
/// for the client to take its answer.
///
/// It counts from the drain on; before the drain a client may take its time. The handler stands in front of the HTTP
/// codecs, where it sees bytes.
final class PeerLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection
    private let connections: Connections
    private var hasMoved = false
    /// Bytes of answers that wait for the client.
    private var pending = 0
    private var quietChecks = 0
    private var timer: Scheduled<Void>?

    /// The time between two checks.
    private static let pause = TimeAmount.milliseconds(100)
    /// Checks without a moved byte until it gives up.
    private static let mostQuietChecks = 10

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
        if case Connections.Command.drain = event { begin(context) }
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
        if timer == nil { checkLater(context) }
    }

    private func checkLater(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.check(context) }
    }

    private func check(_ context: ChannelHandlerContext) {
        let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let isWaiting = left > 0 || connection.isWaitingForBody
        let isQuiet = isWaiting && !hasMoved && left >= pending
        quietChecks = isQuiet ? quietChecks + 1 : 0
        hasMoved = false
        pending = left
        guard quietChecks >= Self.mostQuietChecks else { return checkLater(context) }
        context.fireUserInboundEventTriggered(Connections.Command.giveUpOnPeer)
    }
}
