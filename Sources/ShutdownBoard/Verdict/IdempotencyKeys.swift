internal import ShutdownTrace

/// What a client's idempotency key has to do with a payment that was charged twice, or whose client was not told.
///
/// With a key the server can know the second try, and whoever charges it again is at fault. Without one no server can tell
/// the second try from a new payment.
extension Judge {
    /// Whether the clients of these payments sent keys; nil where some did, or nobody can know.
    private func areKeyed(_ flaw: PaymentFlaw) -> Bool? {
        let found = board.ledger.findings.filter { $0.cell == flaw }.map(\.order)
        let seen = flaw == .twice ? Array(board.ledger.seenTwice) : []
        let known = Set((found + seen).map { board.ledger.keyed[$0] })
        return known.count == 1 ? known.first ?? nil : nil
    }

    var duplicated: Teaching {
        let meaning = "A payment was charged twice: the answer was lost after the charge, and the client tried again"
        return switch areKeyed(.twice) {
        case false?:
            Teaching(
                meaning: "\(meaning) without an idempotency key, so that no server can tell the second try from a new "
                    + "payment.",
                remedy: "Clients must send a key with each payment, and answers to what is committed must come out.")
        case true?:
            Teaching(
                meaning: "\(meaning) with the same idempotency key, which the server did not look at.",
                remedy: "Keep the key in the payment's row, unique, and look for it in the same transaction as the "
                    + "charge.")
        case nil:
            Teaching(
                meaning: "\(meaning).",
                remedy: "An idempotency key, unique in the same transaction as the charge, makes the second try "
                    + "harmless.")
        }
    }

    var inDoubt: Teaching {
        let isKeyless = areKeyed(.ambiguous) == false
        return Teaching(
            meaning: "A payment was charged, and its client was not told so"
                + (isKeyless ? ". It had sent no idempotency key: trying again would charge twice." : "."),
            remedy: isKeyless
                ? "Answer every request whose work is committed; a client that sends a key may ask again."
                : "Answer every request whose work is committed, and honour its idempotency key, so that asking again "
                    + "is safe.")
    }

    /// What the rules about payments advise, where the keys of this run say more than the rule.
    func paymentAdvice(on rule: RuleName) -> String {
        switch rule {
        case .noPaymentTwice where areKeyed(.twice) == false: duplicated.remedy
        case .noPaymentInDoubt where areKeyed(.ambiguous) == false: inDoubt.remedy
        default: rule.advice
        }
    }

    /// What an order's key means for a payment in a bad cell, as the end of a sentence.
    func keyNote(_ finding: RemainsEvent.AuditedPayment) -> String {
        switch (finding.cell, board.ledger.keyed[finding.order]) {
        case (.twice?, true?): " with one key"
        case (.twice?, false?): ": tried again without a key"
        case (.ambiguous?, true?): ": safe to retry where its key is honoured"
        case (.ambiguous?, false?): ", and without a key to retry with"
        case (.ambiguous?, nil): ": a retry may charge twice"
        default: ""
        }
    }
}
