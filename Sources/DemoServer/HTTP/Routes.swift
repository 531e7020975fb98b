import Foundation
import NIOCore
import NIOHTTP1
import ShutdownTrace

/// Which request gets which answer.
///
/// Slow answers are timers on the event loop, so ten thousand of them cost no thread.
struct Routes: Sendable {
    let ledger: LedgerDatabase
    let processor: any PaymentProcessor
    let rotation: Readiness
    let connections: Connections
    let shutdown: ShutdownControl
    let behaviour: Behaviour

    enum Reply {
        case now(Answer)
        case later(EventLoopFuture<Answer>)
    }

    /// A request was given up before it was answered.
    struct Cancelled: Error {}

    /// How long the job of a receipt takes, in milliseconds, when the client does not say.
    private static let receipt = 100
    /// Milliseconds between the commit of a payment and its answer, when the client does not say.
    private static let after = 2
    /// The longest time that a client may ask for: ten minutes, in milliseconds.
    private static let longestWait = 600_000
    /// The largest answer that a client may ask for: 64 MiB.
    private static let mostBytes = 64 << 20

    /// Milliseconds of a computation that are one timer.
    private static let step = 50

    private static let front = Answer(.ok, "drainboard demo server\n")

    /// Whether a request is a probe, which is left out of the trace.
    static func isProbe(_ path: Substring) -> Bool { path == "/readyz" || path == "/livez" }

    func reply(to request: ServerRequest, on loop: any EventLoop) -> Reply {
        if request.isTooLong { return .now(Answer(.payloadTooLarge, "too long\n", closes: true)) }
        return switch (request.head.method, request.path) {
        case (.GET, "/"): .now(Self.front)
        case (.GET, "/livez"): .now(Answer(.ok, "alive\n"))
        case (.GET, "/readyz"): .now(readiness)
        case (.GET, "/report"): .later(report(request, on: loop))
        case (.GET, "/ws"): .now(websocketRefusal)
        case (.POST, "/payments"): payment(request, on: loop)
        case (.POST, "/shutdown") where behaviour.stopRoute != .none: .now(stop())
        case (.GET, let path) where path.hasPrefix("/payments/"): storedPayment(path, on: loop)
        case (_, "/"), (_, "/report"), (_, "/payments"), (_, "/livez"), (_, "/readyz"), (_, "/ws"):
            .now(.fault(.methodNotAllowed, "method not allowed"))
        default: .now(.fault(.notFound, "not found"))
        }
    }

    private var readiness: Answer {
        rotation.isReady ? Answer(.ok, "ready\n") : Answer(.serviceUnavailable, "leaving\n")
    }

    private var websocketRefusal: Answer {
        connections.isDraining
            ? Answer(.serviceUnavailable, "leaving\n", closes: true)
            : .fault(.upgradeRequired, "a WebSocket upgrade must be the first request of its connection")
    }

    /// Begins the shutdown once this answer is on its way.
    private func stop() -> Answer {
        Task { shutdown.ask(.other("POST /shutdown")) }
        return Answer(.accepted, "leaving\n")
    }

    private func report(_ request: ServerRequest, on loop: any EventLoop) -> EventLoopFuture<Answer> {
        var answer = Answer(.ok, "report\n")
        answer.filling = max(0, min(request.number("bytes") ?? 0, Self.mostBytes) - answer.body.readableBytes)
        let milliseconds = min(request.number("ms") ?? 0, Self.longestWait)
        let cancellation = request.cancellation
        let work =
            request.number("computed") == 1
            ? compute(milliseconds, cancellation, on: loop) : pause(milliseconds, cancellation, on: loop)
        return work.map { [answer] in answer }
    }

    private func storedPayment(_ path: Substring, on loop: any EventLoop) -> Reply {
        guard let id = Int64(path.dropFirst("/payments/".count)) else { return .now(.fault(.notFound, "not found")) }
        return .later(
            ledger.answer(to: id, on: loop)
                .map { $0.map { .json(.ok, $0) } ?? .fault(.notFound, "no such payment") }
                .recover { _ in .fault(.serviceUnavailable, "the ledger cannot be read") })
    }

    /// Takes the card processor's time, the transaction, and the time until the answer is sent: a client that is cut off
    /// in the last part was charged and does not know it.
    private func payment(_ request: ServerRequest, on loop: any EventLoop) -> Reply {
        guard let body = request.body,
            let payment = try? JSONDecoder().decode(Payment.self, from: Data(body.readableBytesView))
        else { return .now(.fault(.badRequest, #"the body must be {\"order\":Int,\"amount\":Int}"#)) }
        let cancellation = request.cancellation
        let key = behaviour.keys == .honoured ? request.head.headers["idempotency-key"].first : nil
        let receipt = Time.milliseconds(Int64(request.number("receipt") ?? Self.receipt))
        let after = request.number("after") ?? Self.after
        return .later(
            pause(request.number("ms") ?? 0, cancellation, on: loop)
                .flatMap { processor.charge(payment, key: key, receipt: receipt, on: loop) }
                .flatMap { charge in pause(after, cancellation, on: loop).map { Self.answer(to: charge) } }
                .flatMapErrorThrowing { error in
                    if error is Cancelled { throw error }
                    return .fault(.serviceUnavailable, "nothing was charged")
                })
    }

    private static func answer(to charge: Charge) -> Answer {
        switch charge {
        case .charged(_, let answer), .replayed(_, let answer): .json(.created, answer)
        case .mismatched: .fault(.unprocessableEntity, "this key was used for another payment")
        }
    }

    /// Takes so much running time, as a computation does: while the process is stopped, it makes no progress.
    private func compute(
        _ milliseconds: Int, _ cancellation: Cancellation, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        let step = min(milliseconds, Self.step)
        return pause(step, cancellation, on: loop).flatMap {
            milliseconds > step
                ? compute(milliseconds - step, cancellation, on: loop) : loop.makeSucceededVoidFuture()
        }
    }

    private func pause(
        _ milliseconds: Int, _ cancellation: Cancellation, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        let check: @Sendable () throws -> Void = { if cancellation.isCancelled { throw Cancelled() } }
        guard milliseconds > 0 else { return loop.makeSucceededVoidFuture() }
        let limited = min(milliseconds, Self.longestWait)
        return loop.scheduleTask(in: .milliseconds(Int64(limited)), check).futureResult
    }
}
