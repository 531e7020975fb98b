import ShutdownBoard
import ShutdownTrace

/// Signs: a tick is good news, and praise was earned.
extension Claim {
    static let signs: [Claim] = [
        Claim("a tick is good news") { picture in
            let lost = picture.board.requests.fatesAtSignal.total(of: \.isLoss)
            // The words are the server's own: without a sign of good news, and without what speaks against them.
            if lost > 0, let line = picture.line(with: "all answered") { return "\(lost) were lost: \(line)" }
            let abandoned = picture.board.jobs.abandoned
            if abandoned > 0, let line = picture.line(with: "all jobs finished") {
                return "\(abandoned) were not: \(line)"
            }
            return picture.line(with: "✓ draining") ?? picture.line(with: "✓draining")
        },
        Claim("praise was earned") { picture in
            let isPraise = picture.says("nobody noticed") || picture.says("Nobody noticed")
            guard isPraise else { return nil }
            guard let signal = picture.run.outcome.signal else { return nil }
            let late = picture.run.outcome.requests.compactMap(\.end).filter { end in
                end.event > signal.event && end.event <= picture.event
                    && (end.fate.isLoss || end.fate == .refused || end.fate == .unavailable)
            }
            return late.isEmpty ? nil : "\(late.count) noticed"
        },
    ]
}
