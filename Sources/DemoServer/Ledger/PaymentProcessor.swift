import NIOCore
import NIOPosix
import Platform
import ShutdownTrace
import Synchronization

/// Charges payments, and decides when a payment is acknowledged.
protocol PaymentProcessor: Sendable {
    /// A failed future means that nothing was charged and nothing acknowledged.
    func charge(_ payment: Payment, key: String?, receipt: Time, on loop: any EventLoop) -> EventLoopFuture<Charge>
}

/// The ledger acknowledges a payment once it is committed.
extension LedgerDatabase: PaymentProcessor {}

/// Acknowledges a payment from memory and charges it a little later.
///
/// The task that charges ends when the shutdown begins; payments that are still in memory then are lost.
final class DeferredPaymentProcessor: PaymentProcessor {
    private struct Deferred {
        var payment: Payment
        var key: String?
        var receipt: Time
    }

    private let ledger: LedgerDatabase
    private let waiting = Mutex<[Deferred]>([])
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    /// The time between two rounds of charges.
    private static let period = TimeAmount.milliseconds(400)

    init(_ ledger: LedgerDatabase, until end: OneShotEvent) {
        self.ledger = ledger
        let task = loop.scheduleRepeatedTask(initialDelay: Self.period, delay: Self.period) { _ in self.chargeWaiting()
        }
        end.watch { task.cancel() }
    }

    func charge(_ payment: Payment, key: String?, receipt: Time, on loop: any EventLoop) -> EventLoopFuture<Charge> {
        waiting.withLock { $0.append(Deferred(payment: payment, key: key, receipt: receipt)) }
        let answer = #"{"payment":null,"order":\#(payment.order),"amount":\#(payment.amount)}"#
        return loop.makeSucceededFuture(.charged(id: 0, answer: answer))
    }

    private func chargeWaiting() {
        let due = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for item in due { _ = ledger.charge(item.payment, key: item.key, receipt: item.receipt, on: loop) }
    }
}
