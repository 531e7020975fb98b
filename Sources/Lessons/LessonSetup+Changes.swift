import Clients
internal import Experiment
internal import ShutdownTrace

/// Changes that several lessons make to their setup.
extension LessonSetup {
    /// Changes when the first signal of a checked run is sent, and to whom.
    mutating func changeFirstSignal(
        when condition: ScheduledSignal.Condition? = nil, to target: SignalTarget = .process
    ) {
        guard let first = signals.first else { return }
        signals[0] = ScheduledSignal(first.signal, after: first.after, when: condition ?? first.condition, to: target)
    }

    /// One more signal in the middle of the drain.
    mutating func sendInDrain(_ signal: Signal) {
        guard !signals.isEmpty else { return }
        signals.append(ScheduledSignal(signal, after: .zero, since: .signal(0), when: .draining(.seconds(0.2))))
    }

    /// A lead that is just longer than the lag of a load balancer that asks more often.
    mutating func shortenLead() {
        budgets.lead = .seconds(0.3)
        balancer.interval = .seconds(0.1)
    }

    mutating func limitDrain(checked: Time, watched: Time) { budgets.drain = pace == .checked ? checked : watched }

    /// A grace period that the broken server outlasts; in a check nobody waits for a mended one, however slow the machine.
    mutating func limitGrace(checked: Time, watched: Time) {
        guard pace == .checked else { return grace = watched }
        if !isMended { grace = checked }
    }

    /// How long slow reads take, in seconds.
    mutating func setReports(_ span: ClosedRange<Double>) {
        changeMix { share in
            if case .report = share.errand { Workload.Share(share.weight, .report(span)) } else { share }
        }
    }

    /// Three times as many payments; where a span is given, each takes so long.
    mutating func addPayments(taking longer: ClosedRange<Double>? = nil) {
        changeMix { share in
            guard case .payment(let span, _) = share.errand else { return share }
            return Workload.Share(share.weight * 3, .payment(longer ?? span, keyed: true))
        }
    }

    /// Payments that are not yet charged some seconds after the signal of a person, and need the ledger then.
    mutating func lengthenPayments() {
        if pace == .watched { addPayments(taking: 7...10) }
    }

    mutating func removePayments() {
        changeMix { share in if case .payment = share.errand { nil } else { share } }
    }

    /// Jobs that take so long that the workers always have one: a person may press the key at any moment.
    mutating func keepWorkersBusy(checked receipt: Time = .milliseconds(400)) {
        guard pace == .watched else {
            addPayments()
            workload.receipt = receipt
            return
        }
        // At 40 requests a second: two short payments, so that jobs come soon, one long payment and three reports.
        workload.mix = [
            Workload.Share(34, .fast), Workload.Share(3, .report(1...3)),
            Workload.Share(2, .payment(0.3...2, keyed: true)), Workload.Share(1, .payment(3...5, keyed: false)),
        ]
        workload.readerSeconds = 4
        workload.receipt = .seconds(4)
    }

    private mutating func changeMix(_ change: (Workload.Share) -> Workload.Share?) {
        workload.mix = workload.mix.compactMap(change)
    }
}
