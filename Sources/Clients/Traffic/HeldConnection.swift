import NIOCore
import ShutdownTrace

/// The client's end of a connection on which nothing more is sent: it sees how the server ends the connection.
final class HeldConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private var reader = AnswerReader()
    /// The status of an answer to a request that was never sent whole, mostly 408.
    private(set) var status: Int?
    /// `open` when the client gave up waiting for the end.
    private(set) var end = ConnectionEnd.fin

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func giveUp() {
        guard let context, context.channel.isActive else { return }
        end = .open
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        while let part = reader.next(from: &buffer, method: "POST") {
            if case .head(let head) = part { status = status ?? head.status }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if Outcome.errno(of: error) != 0 { end = .reset }
        context.close(promise: nil)
    }
}
