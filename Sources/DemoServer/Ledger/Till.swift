import NIOCore
import NIOPosix
import ShutdownTrace
import Synchronization

/// Whoever takes a payment and says when it is acknowledged.
protocol Till: Sendable {
    /// A failed future means that nothing was charged and nothing acknowledged.
    func charge(_ payment: Payment, key: String?, receipt: Time, on loop: any EventLoop) -> EventLoopFuture<Charge>
}

/// The ledger itself acknowledges a payment once it is committed.
extension Ledger: Till {}

/// Acknowledges a payment from memory and writes it down a little later: fast, and not true yet.
///
/// The task that writes ends when the shutdown begins, as background tasks do; what waits in memory then is forgotten.
final class HastyTill: Till {
    private struct Promise {
        var payment: Payment
        var key: String?
        var receipt: Time
    }

    private let ledger: Ledger
    private let promised = Mutex<[Promise]>([])
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    /// Between two looks at what was promised.
    private static let period = TimeAmount.milliseconds(400)

    init(_ ledger: Ledger, until end: Moment) {
        self.ledger = ledger
        let task = loop.scheduleRepeatedTask(initialDelay: Self.period, delay: Self.period) { _ in self.writeDown() }
        end.watch { task.cancel() }
    }

    func charge(_ payment: Payment, key: String?, receipt: Time, on loop: any EventLoop) -> EventLoopFuture<Charge> {
        promised.withLock { $0.append(Promise(payment: payment, key: key, receipt: receipt)) }
        let answer = #"{"payment":null,"order":\#(payment.order),"amount":\#(payment.amount)}"#
        return loop.makeSucceededFuture(.charged(id: 0, answer: answer))
    }

    private func writeDown() {
        let promised = promised.withLock { promised in
            defer { promised = [] }
            return promised
        }
        for promise in promised {
            _ = ledger.charge(promise.payment, key: promise.key, receipt: promise.receipt, on: loop)
        }
    }
}
