import DequeModule
import Glibc
import NIOCore
import NIOHTTP1
import ShutdownTrace

/// One HTTP/1.1 connection: answers its requests in their order, and closes without destroying an answer.
///
/// Pipelined requests wait their turn. The last answer that the connection owes announces the close (RFC 9112,
/// section 9.6). Then the server closes only its half and reads on until the client has closed too, because closing a
/// socket with unread input resets the connection and throws away what the client has not yet received.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case open
        /// All answers are written and the server's half is closed; what still arrives is read and thrown away.
        case lingering
        case closed
    }

    private let server: HTTPServer
    /// Whether the server waits for the client to close too, and reads what still arrives.
    private let lingers: Bool
    private var phase = Phase.open
    /// The request whose body is still arriving.
    private var reading: ServerRequest?
    /// The request that is being answered.
    private var current: ServerRequest?
    /// Whole requests behind the current one.
    private var waiting: Deque<ServerRequest> = []
    private var isOwing = false
    private var isDraining = false
    private var hasPeerClosed = false
    /// Whether the last input was no HTTP; requests before it are still answered.
    private var isBroken = false
    private var isReadHeld = false
    private var lingerTimer: Scheduled<Void>?

    /// Reading stops when so many pipelined requests wait.
    private static let mostWaiting = 32
    /// How long a client may take to close its half.
    private static let linger = TimeAmount.seconds(1)
    /// After one turn of the event loop, bytes that had arrived are read.
    private static let oneTurn = TimeAmount.milliseconds(1)
    /// So many turns are waited for bytes in the socket's queue to be read.
    private static let mostTurns = 50

    init(_ server: HTTPServer) {
        self.server = server
        lingers = server.behaviour.closing == .lingering
    }

    /// Whether the connection waits for the rest of a request, and for nothing else.
    var isWaitingForBody: Bool { reading != nil && current == nil }

    func handlerAdded(context: ChannelHandlerContext) {
        if server.connections.isDraining { drain(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open, !isBroken else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(ServerRequest(head))
        case .body(var bytes): reading?.append(&bytes)
        case .end:
            guard let request = reading else { return }
            reading = nil
            if current == nil { answer(request, context) } else { waiting.append(request) }
        }
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = phase == .open && (waiting.count >= Self.mostWaiting || (!lingers && current != nil))
        if !isReadHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case Connections.Command.drain: drain(context)
        case Connections.Command.cut(let cause): cut(cause, context)
        case Connections.Command.giveUpOnPeer: giveUpOnPeer(context)
        case ChannelEvent.inputClosed: peerClosed(context)
        case IdleStateHandler.IdleStateEvent.all where !isOwing && phase == .open: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        giveUp(cause: "the client left")
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    /// Input that is no HTTP gets the answer 400, or ends the connection after the answers that it owes.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase == .open else { return }
        guard error is HTTPParserError else { return cut("the connection broke", context) }
        isBroken = true
        if let request = reading {
            reading = nil
            giveUp(request, cause: "it broke off")
        }
        guard current == nil else { return }
        setOwing(true)
        var head = HTTPResponseHead(
            version: .http1_1, status: .badRequest, headers: ["content-length": "0", "connection": "close"])
        server.sign(&head.headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.lingerUntilPeerCloses(context) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func begin(_ request: ServerRequest) {
        reading = request
        setOwing(true)
        server.began(request)
    }

    private func answer(_ request: ServerRequest, _ context: ChannelHandlerContext) {
        current = request
        switch server.routes.reply(to: request, on: context.eventLoop) {
        case .now(let answer): send(answer, to: request, context)
        case .later(let future):
            future.assumeIsolated().whenComplete { result in
                guard request === self.current, self.phase == .open else { return }
                switch result {
                case .success(let answer): self.send(answer, to: request, context)
                case .failure: self.cut("it could not be answered", context)
                }
            }
        }
    }

    private func send(_ answer: Answer, to request: ServerRequest, _ context: ChannelHandlerContext) {
        let isLast = waiting.isEmpty && reading == nil
        let closes =
            answer.closes || !request.head.isKeepAlive
            || (isLast && (server.connections.announcesClose || hasPeerClosed || isBroken))
        context.write(wrapOutboundOut(.head(server.head(of: answer, closes: closes))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        var filling = answer.filling
        while filling > 0 {
            let piece = HTTPServer.page.getSlice(at: 0, length: min(filling, HTTPServer.page.readableBytes))
            guard let piece else { break }
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
            filling -= piece.readableBytes
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            guard case .success = result, request === self.current else { return }
            self.finished(request, answer.status, closes: closes, context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func finished(
        _ request: ServerRequest, _ status: HTTPResponseStatus, closes: Bool, _ context: ChannelHandlerContext
    ) {
        current = nil
        server.finished(request, status)
        if closes {
            giveUp(cause: "it came after the answer that announced the close")
            lingerUntilPeerCloses(context)
        } else if let next = waiting.popFirst() {
            if isReadHeld { context.read() }
            answer(next, context)
        } else if reading == nil {
            setOwing(false)
            if isReadHeld { context.read() }
            if isDraining || hasPeerClosed || isBroken { lingerUntilPeerCloses(context) }
        }
    }

    private func drain(_ context: ChannelHandlerContext) {
        guard !isDraining, phase == .open, server.behaviour.idle == .closed else { return }
        isDraining = true
        guard !isOwing else { return server.connections.decided(context.channel, isIdle: false) }
        closeIfIdle(context, turns: Self.mostTurns)
    }

    /// Closes the connection if it is idle: with a request unread in its socket it is not.
    private func closeIfIdle(_ context: ChannelHandlerContext, turns: Int) {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.oneTurn) {
            let isIdle = !self.isOwing && self.phase == .open
            if isIdle, turns > 0, Self.hasUnread(context.channel) { return self.closeIfIdle(context, turns: turns - 1) }
            if isIdle { self.lingerUntilPeerCloses(context) }
            self.server.connections.decided(context.channel, isIdle: isIdle)
        }
    }

    /// Whether bytes wait in the socket: the first number of SO_MEMINFO is what its receive queue holds (linux/sock_diag.h).
    private static func hasUnread(_ channel: any Channel) -> Bool {
        let queue = try? channel.syncOptions?.getOption(.socket(SocketOptionLevel(SOL_SOCKET), SO_MEMINFO))
        return (queue ?? 0) > 0
    }

    private func lingerUntilPeerCloses(_ context: ChannelHandlerContext) {
        guard phase == .open else { return }
        guard lingers else { return context.close(promise: nil) }
        phase = .lingering
        context.close(mode: .output, promise: nil)
        if hasPeerClosed { return context.close(promise: nil) }
        if isReadHeld { context.read() }
        lingerTimer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { context.close(promise: nil) }
    }

    private func peerClosed(_ context: ChannelHandlerContext) {
        hasPeerClosed = true
        if let request = reading {
            reading = nil
            giveUp(request, cause: "the client left")
        }
        if phase == .lingering || (current == nil && waiting.isEmpty) { context.close(promise: nil) }
    }

    /// The client neither sends nor takes a byte: half a request gets the answer 408, an unread answer is cut.
    private func giveUpOnPeer(_ context: ChannelHandlerContext) {
        guard phase == .open else { return }
        guard isWaitingForBody, let request = reading else { return cut("the client took nothing", context) }
        current = request
        reading = nil
        send(Answer(.requestTimeout, "the rest of the request never came\n", closes: true), to: request, context)
    }

    private func cut(_ cause: String, _ context: ChannelHandlerContext) {
        giveUp(cause: cause)
        context.close(promise: nil)
    }

    /// Cancels every request that will get no answer, and names it in the trace.
    private func giveUp(cause: String) {
        for request in [current].compactMap(\.self) + waiting + [reading].compactMap(\.self) {
            giveUp(request, cause: cause)
        }
        current = nil
        reading = nil
        waiting.removeAll()
    }

    private func giveUp(_ request: ServerRequest, cause: String) {
        request.cancellation.cancel()
        server.cancelled(request, cause: cause)
    }

    private func end() {
        phase = .closed
        lingerTimer?.cancel()
        setOwing(false)
    }

    private func setOwing(_ owes: Bool) {
        guard owes != isOwing else { return }
        isOwing = owes
        if owes { server.connections.beganOwing() } else { server.connections.endedOwing() }
    }
}
