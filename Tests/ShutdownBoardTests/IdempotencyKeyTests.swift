import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `An idempotency key` {
    /// An order that is charged, not answered, and in this cell at the end; `isRetried` where it was sent once more.
    private func paid(key: String?, _ cause: String, rows: Int, isRetried: Bool) -> Verdict {
        let key: Fields = key.map { [.order: 7, .amount: 100, .key: .string($0)] } ?? [.order: 7, .amount: 100]
        let charged = Run.serving().saw(.paymentIntended, .client, key).charges(7)
        let tried = isRetried ? charged.saw(.paymentRetried, .client, [.order: 7, .attempt: 2]).charges(7) : charged
        let asked = tried.settles(7, isRetried ? "paid" : "unknown").signal(.terminate).drains().answers(1...3)
        return asked.releases().exits(0).audit(twice: isRetried ? 1 : 0, ambiguous: isRetried ? 0 : 1)
            .saw(
                .paymentAudited, .supervisor,
                [
                    .order: 7, .belief: isRetried ? "paid" : "unknown", .rows: .number(rows), .id: 9,
                    .cause: .string(cause),
                ]
            ).ends().verdict
    }

    private func line(_ verdict: Verdict) -> String? { verdict.evidence.first { $0.label == "payment" }?.text }

    @Test func `that the server did not look at is named as its fault`() {
        let verdict = paid(key: "order-7", "twice", rows: 2, isRetried: true)
        #expect(verdict.word == .duplicated)
        #expect(verdict.meaning.hasSuffix("with the same idempotency key, which the server did not look at."))
        #expect(line(verdict)?.hasSuffix("2 rows: charged twice with one key") == true)
        #expect(verdict[.noPaymentTwice]?.advice == RuleName.noPaymentTwice.advice)
    }

    @Test func `that no client sent is no fault of the server`() {
        let verdict = paid(key: nil, "twice", rows: 2, isRetried: true)
        #expect(verdict.word == .duplicated)
        #expect(verdict.meaning.contains("without an idempotency key, so that no server can tell"))
        #expect(line(verdict)?.hasSuffix("2 rows: charged twice: tried again without a key") == true)
        #expect(verdict.remedy == verdict[.noPaymentTwice]?.advice)
        #expect(verdict.remedy.hasPrefix("Clients must send a key"))
    }

    @Test func `decides whether a payment in doubt can be tried again`() {
        let keyed = paid(key: "order-7", "ambiguous", rows: 1, isRetried: false)
        #expect(keyed.word == .dropped && keyed.meaning == "A payment was charged, and its client was not told so.")
        #expect(line(keyed)?.hasSuffix("in doubt: safe to retry where its key is honoured") == true)
        let keyless = paid(key: nil, "ambiguous", rows: 1, isRetried: false)
        #expect(keyless.meaning.hasSuffix("It had sent no idempotency key: trying again would charge twice."))
        #expect(line(keyless)?.hasSuffix("in doubt, and without a key to retry with") == true)
        #expect(keyless[.noPaymentInDoubt]?.advice == keyless.remedy)
    }
}
