import Glibc
import NIOCore
import Platform
import ShutdownTrace

/// One client connection: sends requests and finds the fate of each, on the event loop of its channel.
///
/// The fate follows from bytes: whether the request had left, whether a byte of the answer had come, where the answer
/// ends, and whether the connection ended with a FIN or an RST.
final class Exchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Listener {
        var left: () -> Void = {}
        /// The head of an answer has come, and its rest has not.
        var answering: (AnswerReader.Head) -> Void = { _ in }
        var done: (Outcome) -> Void
    }

    /// A request until the last byte of its answer.
    private struct Running {
        let request: Request
        let listener: Listener
        let deadline: NIODeadline
        var isHeadSent = false
        var isSent = false
        var head: AnswerReader.Head?
        var bytes = 0
        var isTold = false
        var finder: TextFinder?
        /// The hash of the answer's body, the same however the body is divided into pieces.
        fileprivate var hasher = Hasher()

        var digest: Int { hasher.finalize() }

        mutating func take(_ piece: ByteBuffer) {
            bytes += piece.readableBytes
            finder?.take(piece)
            piece.withUnsafeReadableBytes { hasher.combine(bytes: $0) }
        }
    }

    private let host: String
    private var context: ChannelHandlerContext?
    private var reader = AnswerReader()
    /// Requests in the order in which they were sent: the first is being answered.
    private var queue: CircularBuffer<Running> = []
    /// The number of requests that were answered, and so the number of the first in the queue.
    private var answered = 0
    private var failure: Int32 = 0
    private var upload: Scheduled<Void>?
    private(set) var isUsable = true
    /// How the connection ended while it was idle; nil while it has not.
    private(set) var idleEnd: ConnectionEnd?
    /// Fires when the connection ends while it is idle.
    var closedIdle: OneShotEvent?

    /// The largest piece of a body that is sent at once.
    static let piece = 65_536
    /// The time between two pieces of a body that is sent slowly.
    private static let piecePause = TimeAmount.milliseconds(20)

    /// - Parameter host: For the `Host` header.
    init(host: String) {
        self.host = host
    }

    /// The client's port; nil when the connection is gone.
    var port: Int? { context?.channel.localAddress?.port }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Sends a request, whose `done` is called exactly once.
    ///
    /// A request that is not the last waits for the next, to go in the same write.
    func send(_ request: Request, isLast: Bool = true, _ listener: Listener) {
        guard let context, isUsable, context.channel.isActive else { return listener.done(Outcome(.resetEarly)) }
        let number = answered + queue.count
        var running = Running(
            request: request, listener: listener, deadline: .now() + .microseconds(request.patience.microseconds))
        if case .text(let text)? = request.expectation { running.finder = TextFinder(text) }
        queue.append(running)
        let isSlow = request.spread > .zero && request.bytes > 0
        let pieces = isSlow ? [] : request.pieces(of: Self.piece)
        write(request.head(host: host), context) {
            self.update(number) {
                $0.isHeadSent = true
                $0.isSent = pieces.isEmpty && !isSlow
            }
            listener.left()
        }
        for (index, piece) in pieces.enumerated() {
            write(piece, context) { self.update(number) { $0.isSent = index == pieces.count - 1 } }
        }
        if isLast { context.flush() }
        if isSlow { sendSlowly(request, number, context) }
    }

    func write(_ text: String) {
        guard let context, context.channel.isActive else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func giveUp() {
        guard !queue.isEmpty else { return }
        isUsable = false
        while !queue.isEmpty { finish(Outcome(.timedOut)) }
        close()
    }

    func giveUp(after now: NIODeadline) {
        if let first = queue.first, first.deadline <= now { giveUp() }
    }

    func close() {
        isUsable = false
        upload?.cancel()
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        while let running = queue.first, let part = reader.next(from: &buffer, method: running.request.method) {
            take(part)
        }
        // An answer without a request: the server does not want to wait any longer (408), or is broken.
        if queue.isEmpty, buffer.readableBytes > 0 { close() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let first = queue.first, !first.isTold, let head = first.head {
            update(answered) { $0.isTold = true }
            first.listener.answering(head)
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        note(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isUsable = false
        upload?.cancel()
        if queue.isEmpty {
            idleEnd = failure == 0 ? .fin : .reset
            closedIdle?.fire()
        }
        if reader.isUnmarked, failure == 0 { finishUnmarked() }
        while let first = queue.first {
            var outcome = Outcome(fate(of: first))
            outcome.bytes = first.bytes
            outcome.status = first.head?.status
            reader = AnswerReader()
            finish(outcome)
        }
        context.fireChannelInactive()
    }

    private func take(_ part: AnswerReader.Part) {
        switch part {
        case .head(let head): update(answered) { $0.head = head }
        case .body(let piece):
            update(answered) { $0.take(piece) }
        case .end: finishWhole()
        case .garbage:
            while !queue.isEmpty { finish(Outcome(.garbled)) }
            close()
        }
    }

    private func update(_ number: Int, _ change: (inout Running) -> Void) {
        guard number >= answered, number - answered < queue.count else { return }
        change(&queue[queue.index(queue.startIndex, offsetBy: number - answered)])
    }

    private func write(
        _ bytes: ByteBuffer, _ context: ChannelHandlerContext, _ sent: @escaping () -> Void
    ) {
        context.write(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { result in
            switch result {
            case .success: sent()
            case .failure(let error): self.note(error)
            }
        }
    }

    /// Sends the body piece by piece, at most one on its way, until it is sent or answered before its time.
    private func sendSlowly(_ request: Request, _ number: Int, _ context: ChannelHandlerContext) {
        let count = max(1, request.spread.microseconds * 1_000 / Self.piecePause.nanoseconds)
        let size = max(1, (request.bytes + Int(count) - 1) / Int(count))
        let pieces = CircularBuffer(request.pieces(of: min(size, Self.piece)))
        let pause = TimeAmount.microseconds(request.spread.microseconds / Int64(max(1, pieces.count)))
        sendNext(of: pieces, number, pause, context)
    }

    private func sendNext(
        of pieces: CircularBuffer<ByteBuffer>, _ number: Int, _ pause: TimeAmount, _ context: ChannelHandlerContext
    ) {
        upload = context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            var pieces = pieces
            guard number >= self.answered, self.isUsable, let piece = pieces.popFirst() else { return }
            self.write(piece, context) {
                if !pieces.isEmpty { return self.sendNext(of: pieces, number, pause, context) }
                self.update(number) { $0.isSent = true }
            }
            context.flush()
        }
    }

    private func note(_ error: any Error) {
        let code = Outcome.errno(of: error)
        if code != 0, failure == 0 { failure = code }
    }

    /// The answer is complete, and its end was marked.
    private func finishWhole() {
        guard let first = queue.first, let head = first.head else { return }
        finishFirst(isMarked: true)
        // A server that answered before it had the whole body reads no further request.
        guard head.isClosing || !first.isSent else { return }
        if head.isClosing { while !queue.isEmpty { finish(Outcome(.notTaken)) } }
        close()
    }

    /// The FIN ended the connection and with it the answer, which is whole as far as a client can know.
    private func finishUnmarked() {
        guard queue.first?.head != nil else { return }
        finishFirst(isMarked: false)
        while !queue.isEmpty { finish(Outcome(.notTaken)) }
    }

    private func finishFirst(isMarked: Bool) {
        guard let first = queue.first, let head = first.head else { return }
        var outcome = Outcome(status: head.status, bytes: first.bytes, isClosing: head.isClosing || !isMarked)
        if !isMarked, outcome.fate == .answered { outcome.fate = .unmarked }
        outcome.instance = head.instance
        outcome.product = head.product
        outcome.digest = first.digest
        if let expectation = first.request.expectation {
            outcome.judge(expectation, isFound: first.finder?.isFound ?? false)
        }
        finish(outcome)
    }

    private func finish(_ outcome: Outcome) {
        guard let running = queue.popFirst() else { return }
        answered += 1
        running.listener.done(outcome)
    }

    /// Why the first in the queue has no whole answer, now that the connection is gone.
    private func fate(of running: Running) -> Fate {
        if reader.hasBegun { return .cut }
        if !running.isHeadSent { return .resetEarly }
        if !running.isSent { return .brokenPipe }
        return failure == 0 ? .closedUnanswered : .resetUnanswered
    }
}
