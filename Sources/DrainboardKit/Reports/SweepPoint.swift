import ShutdownBoard
import ShutdownTrace

/// The cost of one instant of a sweep: for the one request that is watched, and for all others.
struct SweepPoint: Sendable {
    /// The wanted instant of the signal, since the request began.
    let offset: Time
    /// The measured instant, since the request began; nil when the request never began.
    let signal: Time?
    /// When the request was charged and when it ended, since it began.
    let chargedAt: Time?
    let endedAt: Time?
    let fate: Fate?
    /// What the ledger holds for its order in the end.
    let payment: String
    let isPaymentBad: Bool
    let otherLosses: Int
    let word: String

    init(_ offset: Time, _ life: WatchedLife, order: Int, _ board: Board) {
        self.offset = offset
        func sinceBegin(_ time: Time?) -> Time? { life.beganAt.flatMap { began in time.map { $0 - began } } }
        signal = sinceBegin(board.stopSignal?.at)
        chargedAt = sinceBegin(life.chargedAt)
        endedAt = sinceBegin(life.endedAt)
        fate = life.fate
        let finding = board.ledger.findings.first { $0.order == order }
        let rows = finding.map { "\($0.rows) row\($0.rows == 1 ? "" : "s"): \($0.cell?.words ?? "")" }
        payment = rows ?? (life.isCharged ? "charged once" : "not charged")
        isPaymentBad = finding != nil
        otherLosses = board.requests.lost.count { $0.id != life.id }
        word = Judge(board).verdict.word.rawValue
    }

    var isLost: Bool { fate?.isLoss == true }
}
