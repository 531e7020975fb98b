internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// The limits, nested in the grace period, and how much of each was used.
extension Chart {
    /// One limit: when it would begin if all before it were used up, how long it is, and what was used.
    private struct Limit {
        var kind: Kind
        var start: Time
        var allowed: Time
        /// Nil when it never began to run.
        var used: Time?

        enum Kind: String {
            case grace, lead, drain, workers, ledger, log
        }

        /// Whether nothing is lost when all of it was used: every lead is.
        var isMeantToBeUsed: Bool { kind == .lead }
    }

    func drawLimits(_ drawing: inout Drawing, _ start: Double) -> Double {
        let limits = limits
        guard let whole = limits.map({ $0.start + $0.allowed }).max(), whole > .zero else { return start - 20 }
        let scale = ChartScale(first: 0, last: whole.seconds, left: Self.plot.left, right: Self.plot.right)
        heading(&drawing, "limits, and what was used of them", start + 8)
        var y = start + 20
        for limit in limits {
            draw(limit, &drawing, scale, y)
            y += Self.row
        }
        return drawAxis(&drawing, scale, y + 6, "seconds of grace")
    }

    private func draw(_ limit: Limit, _ drawing: inout Drawing, _ scale: ChartScale, _ y: Double) {
        drawing.text(limit.kind.rawValue, x: Self.margin, y: y + 11, columns: 23)
        let left = scale.x(limit.start.seconds)
        let isSpent = limit.used.map { $0 >= limit.allowed } ?? false
        drawing.bar(from: left, to: scale.x((limit.start + limit.allowed).seconds), y: y, .outlined, .faint)
        if let used = limit.used {
            let end = scale.x((limit.start + min(used, limit.allowed)).seconds)
            drawing.bar(from: left, to: end, y: y, .solid, isSpent && !limit.isMeantToBeUsed ? .loss : .flight)
        }
        let text = limit.used.map { "\($0.words) of \(limit.allowed.words)" } ?? "not begun, \(limit.allowed.words)"
        drawing.text(text, x: Self.words, y: y + 11, limit.used == nil ? .faint : .normal, columns: 26)
    }

    private var limits: [Limit] {
        let end = board.process.exit?.at ?? board.time
        var limits: [Limit] = []
        if let grace = board.grace, grace > .zero {
            limits.append(Limit(kind: .grace, start: .zero, allowed: grace, used: clock.signal.map { end - $0.at }))
        }
        guard let budgets = board.budgets else { return limits }
        let shutdown = board.shutdown
        let parts: [(Limit.Kind, Time?, Time?)] = [
            (
                .lead, budgets.lead,
                shutdown.beganAt.map { (shutdown.leadEndedAt ?? board.listener.closedAt ?? end) - $0 }
            ),
            (.drain, budgets.drain, shutdown.drainBeganAt.map { (shutdown.drainEndedAt ?? end) - $0 }),
            (.workers, budgets.workers, used(.workers, end)), (.ledger, budgets.ledger, used(.ledger, end)),
            (.log, budgets.flush, used(.log, end)),
        ]
        var start = Time.zero
        for case (let kind, let allowed?, let used) in parts {
            limits.append(Limit(kind: kind, start: start, allowed: allowed, used: used))
            start += allowed
        }
        return limits
    }

    /// What the release of a resource took, so far as it came.
    private func used(_ name: ResourceName, _ end: Time) -> Time? {
        guard let begin = summary.releasingAt[name] else { return nil }
        if case .released(let at, _)? = board.resources[name]?.state { return at - begin }
        return end - begin
    }
}
