import NIOCore
import Platform
import ShutdownTrace

/// Connections to which the server owes nothing, and what they cost it all the same.
extension Traffic {
    enum Held: String {
        /// Connected, and never used.
        case silent
        /// The head of a request and a part of its body, then nothing more.
        case halfSent
    }

    /// One that was told as opened.
    struct OpenConnection {
        let id: Int
        let kind: String
        let since: Time
    }

    func opened(_ kind: String, port: Int?) -> OpenConnection {
        let connection = OpenConnection(id: newID(), kind: kind, since: reporter.clock.now)
        var fields: Fields = [.id: .number(connection.id), .kind: .string(kind)]
        if let port { fields[.port] = .number(port) }
        reporter.tell(.connectionOpened, from: .client, at: connection.since, fields)
        return connection
    }

    func tellClosed(_ connection: OpenConnection, how: String, status: Int? = nil) {
        let now = reporter.clock.now
        var fields: Fields = [
            .id: .number(connection.id), .kind: .string(connection.kind), .how: .string(how),
        ]
        if let status { fields[.status] = .number(status) }
        fields[.took] = .time(now - connection.since)
        reporter.tell(.connectionClosed, from: .client, at: now, fields)
    }

    /// Holds one such connection; opens another when the server has ended it.
    func keepHeld(_ kind: Held) async {
        await keep(kind.rawValue) {
            guard let channel = try? await open({ HeldConnection() }),
                let handler = try? channel.pipeline.syncOperations.handler(type: HeldConnection.self)
            else { return }
            await hold(kind, channel, handler)
        }
    }

    private func hold(_ kind: Held, _ channel: any Channel, _ handler: HeldConnection) async {
        let connection = opened(kind.rawValue, port: channel.localAddress?.port)
        if kind == .halfSent { channel.writeAndFlush(half, promise: nil) }
        held[connection.id] = handler
        // Not cancelled with the traffic: only the end itself shows how it ended.
        try? await channel.closeFuture.get()
        held[connection.id] = nil
        tellClosed(connection, how: handler.how, status: handler.status)
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
    private(set) var how = "fin"

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Nobody waits any longer for its end.
    func giveUp() {
        guard let context, context.channel.isActive else { return }
        how = "open"
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        while let part = reader.next(from: &buffer, method: "POST") {
            if case .head(let head) = part { status = status ?? head.status }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if Outcome.errno(of: error) != 0 { how = "reset" }
        context.close(promise: nil)
    }
}
