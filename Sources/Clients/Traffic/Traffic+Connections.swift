import NIOCore
import Platform
import ShutdownTrace

/// Connections to which the server owes nothing, and what they cost it all the same.
extension Traffic {
    /// One that was told as opened.
    struct OpenConnection {
        let id: Int
        let kind: ClientKind
        let since: Time
    }

    func opened(_ kind: ClientKind, port: Int?) -> OpenConnection {
        let connection = OpenConnection(id: newID(), kind: kind, since: reporter.clock.now)
        reporter.tell(
            .connection(.opened(id: connection.id, kind: kind, port: port)), from: .client, at: connection.since)
        return connection
    }

    func tellClosed(_ connection: OpenConnection, end: ConnectionEnd, status: Int? = nil) {
        let now = reporter.clock.now
        let closed = ConnectionEvent.ClosedConnection(
            id: connection.id, kind: connection.kind, end: end, status: status, took: now - connection.since)
        reporter.tell(.connection(.closed(closed)), from: .client, at: now)
    }

    /// Holds one such connection; opens another when the server has ended it.
    func keepHeld(_ kind: ClientKind) async {
        await keep(kind) {
            guard let channel = try? await open({ HeldConnection() }),
                let handler = try? channel.pipeline.syncOperations.handler(type: HeldConnection.self)
            else { return }
            await hold(kind, channel, handler)
        }
    }

    private func hold(_ kind: ClientKind, _ channel: any Channel, _ handler: HeldConnection) async {
        let connection = opened(kind, port: channel.localAddress?.port)
        if kind == .halfSent { channel.writeAndFlush(half, promise: nil) }
        held[connection.id] = handler
        // Not cancelled with the traffic: only the end itself shows how it ended.
        try? await channel.closeFuture.get()
        held[connection.id] = nil
        tellClosed(connection, end: handler.end, status: handler.status)
    }

    /// A body of ten bytes is promised, and three are sent.
    private var half: ByteBuffer {
        var request =
            workload.target?.upload(over: .zero, patience: .zero) ?? Request(path: "/payments", patience: .zero)
        if workload.target == nil {
            request.method = "POST"
            request.headers.append(.init(name: "Content-Type", value: "application/json"))
        }
        (request.padding, request.body) = (0, "{\"order\":1")
        var bytes = request.head(host: host)
        bytes.writeString(String(request.body.prefix(3)))
        return bytes
    }
}

/// The client's end of a connection on which nothing more is sent: sees how the server ends it.
final class HeldConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private var reader = AnswerReader()
    /// Of an answer to a request that was never sent whole: 408, mostly.
    private(set) var status: Int?
    /// `fin`, `reset`, or `open` when nobody ended it as long as somebody waited for that.
    private(set) var end = ConnectionEnd.fin

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Nobody waits any longer for its end.
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
