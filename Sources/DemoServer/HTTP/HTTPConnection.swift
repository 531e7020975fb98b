import DequeModule
import Glibc
import NIOCore
import NIOHTTP1
import ShutdownTrace

/// One HTTP/1.1 connection: its requests in their order, and a way to close it that destroys no answer.
///
/// Pipelined requests wait their turn. The last answer that the connection owes announces the close (RFC 9112,
/// section 9.6); then the server closes its half only and reads on until the client has closed too, because a socket
/// that is closed with unread input resets the connection and throws away what the client had not yet received.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case open
        /// Everything is written and our half is closed; what still comes is read and thrown away.
        case lingering
        case closed
    }

    private let server: HTTPServer
    /// Whether the server waits for the client to close too, and reads what still comes.
    private let lingers: Bool
    private var phase = Phase.open
    /// The request whose body is still coming.
    private var reading: Request?
    /// The request that is being answered.
    private var current: Request?
    /// Whole requests that wait for the current one.
    private var waiting: Deque<Request> = []
    private var isOwing = false
    private var isDraining = false
    private var hasPeerClosed = false
    /// What came last was no HTTP; what came before it is still answered.
    private var isBroken = false
    private var isReadHeld = false
    private var lingerTimer: Scheduled<Void>?

    /// Pipelined requests that are taken before reading stops.
    private static let mostWaiting = 32
    /// How long a client may take to close its half.
    private static let linger = TimeAmount.seconds(1)
    /// Whether the bytes of a request were on their way is known after one turn of the event loop.
    private static let oneTurn = TimeAmount.milliseconds(1)
    /// Turns that bytes in the socket's queue are given to be read.
    private static let mostTurns = 50

    init(_ server: HTTPServer) {
        self.server = server
        lingers = server.behaviour.closing == .lingering
    }

    /// Whether the rest of a request is what it waits for.
    var isWaitingForBody: Bool { reading != nil && current == nil }

    func handlerAdded(context: ChannelHandlerContext) {
        if server.connections.isDraining { drain(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open, !isBroken else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(Request(head))
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
        case Connections.Order.drain: drain(context)
        case Connections.Order.cut(let cause): cut(cause, context)
        case Connections.Order.giveUpOnPeer: giveUpOnPeer(context)
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

    /// What is no HTTP is answered 400, or ends the connection after the answers that are owed.
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

    private func begin(_ request: Request) {
        reading = request
        setOwing(true)
        server.began(request)
    }

    private func answer(_ request: Request, _ context: ChannelHandlerContext) {
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

    private func send(_ answer: Answer, to request: Request, _ context: ChannelHandlerContext) {
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
        _ request: Request, _ status: HTTPResponseStatus, closes: Bool, _ context: ChannelHandlerContext
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

    /// A request that lies unread in the socket makes a connection anything but idle.
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

    /// The client neither sends nor takes anything: half a request is answered 408, an unread answer is cut.
    private func giveUpOnPeer(_ context: ChannelHandlerContext) {
        guard phase == .open else { return }
        guard isWaitingForBody, let request = reading else { return cut("the client took nothing", context) }
        (current, reading) = (request, nil)
        send(Answer(.requestTimeout, "the rest of the request never came\n", closes: true), to: request, context)
    }

    private func cut(_ cause: String, _ context: ChannelHandlerContext) {
        giveUp(cause: cause)
        context.close(promise: nil)
    }

    /// Names every request that will get no answer.
    private func giveUp(cause: String) {
        for request in [current].compactMap(\.self) + waiting + [reading].compactMap(\.self) {
            giveUp(request, cause: cause)
        }
        (current, reading) = (nil, nil)
        waiting.removeAll()
    }

    private func giveUp(_ request: Request, cause: String) {
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
