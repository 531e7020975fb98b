import ShutdownBoard
import ShutdownTrace

/// Signs: a tick is good news, and praise was earned.
extension Claim {
    static let signs: [Claim] = [
        Claim("a tick is good news") { picture in
            guard picture.board.stopSignal != nil, picture.says("✓") else { return nil }
            let lost = picture.board.requests.fatesAtSignal.total(of: \.isLoss)
            for line in picture.lines {
                if lost > 0, line.contains("✓"), line.contains("all answered") {
                    return "\(lost) were lost: \(line)"
                }
                if picture.board.jobs.abandoned > 0, line.contains("✓"), line.contains("all jobs finished") {
                    return line
                }
                if lost > 0, line.contains("✓ draining") || line.contains("✓draining") {
                    return "\(lost) were lost: \(line)"
                }
            }
            return nil
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
