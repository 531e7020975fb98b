import Foundation
import ShutdownTrace
import Testing

@testable import Clients

@Suite(.timeLimit(.minutes(3))) struct `A paying client` {
    @Test func `believes a 201 and nothing else`() {
        var attempts = PaymentAttempts(intent(keyed: true))
        #expect(attempts.take(Outcome(status: 201, bytes: 0, isClosing: false)) == .settle)
        #expect(attempts.belief == .paid)

        attempts = PaymentAttempts(intent(keyed: true))
        #expect(attempts.take(Outcome(status: 400, bytes: 0, isClosing: false)) == .settle)
        #expect(attempts.belief == .refused)
    }

    @Test(arguments: [Fate.refused, .resetEarly, .connectTimedOut, .unavailable])
    func `tries again at once, twice, what cannot have charged`(fate: Fate) {
        var attempts = PaymentAttempts(intent(keyed: false))
        #expect(attempts.take(Outcome(fate)) == .retry(after: .seconds(0.1)))
        #expect(attempts.take(Outcome(fate)) == .retry(after: .seconds(0.1)))
        #expect(attempts.take(Outcome(fate)) == .settle)
        #expect(attempts.belief == .refused)
    }

    @Test(arguments: [Fate.closedUnanswered, .resetUnanswered, .cut, .timedOut, .brokenPipe, .failed])
    func `pauses before it repeats what may have charged, if it has a key`(fate: Fate) {
        var attempts = PaymentAttempts(intent(keyed: true))
        #expect(attempts.take(Outcome(fate)) == .retry(after: .seconds(0.65)))
        #expect(attempts.belief == .unknown)
    }

    @Test(arguments: Fate.allCases.filter { !$0.isSafeToRetry })
    func `never repeats without a key what may have charged`(fate: Fate) {
        var attempts = PaymentAttempts(intent(keyed: false))
        #expect(attempts.take(Outcome(.refused)) == .retry(after: .seconds(0.1)))
        #expect(attempts.take(Outcome(fate)) == .settle)
    }

    @Test func `stays unsure after one attempt that may have charged`() {
        var attempts = PaymentAttempts(intent(keyed: true))
        _ = attempts.take(Outcome(.cut))
        _ = attempts.take(Outcome(.refused))
        #expect(attempts.belief == .unknown)
    }

    private func intent(keyed: Bool) -> Arrivals.Intent {
        Arrivals.Intent(
            time: .zero, errand: .payment(1...2, keyed: keyed), duration: 1, order: 1, amount: 100, isFresh: true,
            patience: 0.5)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The payment audit` {
    @Test(arguments: [
        (PaymentBelief.paid, 0, PaymentFlaw?.some(.lost)), (.paid, 1, nil), (.paid, 2, .twice),
        (.refused, 0, nil), (.refused, 1, .denied), (.refused, 3, .twice),
        (.unknown, 0, nil), (.unknown, 1, .ambiguous), (.unknown, 2, .twice),
    ])
    func `knows the bad cells of the truth matrix`(
        belief: PaymentBelief, rows: Int, flaw: PaymentFlaw?
    ) {
        #expect(PaymentFlaw(belief, rows: rows) == flaw)
    }
}
