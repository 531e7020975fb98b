import Glibc
import NIOCore
import NIOHTTP1
import ShutdownTrace

/// One client connection at the moment of truth: sends a request and says what became of it.
///
/// Lives on the event loop of its channel. Bytes decide, not guesses: whether the request had left, whether a byte of
/// answer had come, and whether the end was a FIN or an RST.
final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Between the request and the last byte of its answer.
    private struct Running {
        var done: (Outcome) -> Void
        var answering: (Int) -> Void
        var isHeadSent = false
        var isSent = false
        var head: HTTPResponseHead?
        var bytes = 0
        var deadline: NIODeadline
        var told = false
    }

    private let meter: ByteMeter
    private var context: ChannelHandlerContext?
    private var running: Running?
    /// The errno of the error that ended the connection; 0 for a FIN.
    private var failure: Int32 = 0
    private(set) var isUsable = true
    /// What happens when the server ends the connection while it is idle.
    var whenClosedIdle: ((_ how: String) -> Void)?

    init(_ meter: ByteMeter) {
        self.meter = meter
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Sends a request; `done` is called exactly once, on the event loop.
    func send(_ request: Request, answering: @escaping (Int) -> Void, done: @escaping (Outcome) -> Void) {
        guard let context, isUsable, context.channel.isActive else { return done(Outcome(.resetEarly)) }
        meter.bytes = 0
        running = Running(
            done: done, answering: answering, deadline: .now() + .microseconds(request.patience.microseconds))
        var head = HTTPRequestHead(version: .http1_1, method: .RAW(value: request.method), uri: request.path)
        head.headers.add(name: "Host", value: "127.0.0.1")
        for header in request.headers { head.headers.add(name: header.name, value: header.value) }
        if !request.body.isEmpty { head.headers.add(name: "Content-Length", value: "\(request.body.utf8.count)") }
        context.write(wrapOutboundOut(.head(head))).assumeIsolated().whenSuccess { self.running?.isHeadSent = true }
        if !request.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: request.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.running?.isSent = true
            case .failure(let error): self.note(error)
            }
        }
    }

    /// The client stops waiting.
    func giveUp() {
        guard running != nil else { return }
        finish(Outcome(.timedOut))
        close()
    }

    /// Gives up when the client has waited for long enough.
    func giveUp(after now: NIODeadline) {
        if let running, running.deadline <= now { giveUp() }
    }

    func close() {
        isUsable = false
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): running?.head = head
        case .body(let part): running?.bytes += part.readableBytes
        case .end: answered()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let running, !running.told, let head = running.head {
            self.running?.told = true
            running.answering(Int(head.status.code))
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        note(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isUsable = false
        if running != nil { finish(Outcome(broken)) } else { whenClosedIdle?(failure == 0 ? "fin" : "reset") }
        context.fireChannelInactive()
    }

    private func note(_ error: any Error) {
        let code = Outcome.errno(of: error)
        if code != 0, failure == 0 { failure = code }
    }

    private func answered() {
        guard let head = running?.head, let bytes = running?.bytes else { return }
        let isClosing = !head.isKeepAlive
        finish(Outcome(status: Int(head.status.code), bytes: bytes, isClosing: isClosing))
        if isClosing { close() }
    }

    private func finish(_ outcome: Outcome) {
        guard let running else { return }
        self.running = nil
        running.done(outcome)
    }

    private var broken: Fate {
        guard let running else { return .resetEarly }
        if meter.bytes > 0 { return .cut }
        if !running.isHeadSent { return .resetEarly }
        if !running.isSent { return .brokenPipe }
        return failure == 0 ? .closedUnanswered : .resetUnanswered
    }
}

/// Counts the bytes that come in, before anything is made of them.
final class ByteMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var bytes = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }
}
