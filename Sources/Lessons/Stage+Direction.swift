internal import DemoServer
internal import Experiment
internal import ShutdownTrace

/// What each lesson changes in its stage.
extension Stage {
    mutating func direct() {
        switch scenario.name {
        case "startup-signal": stageStart()
        case "terminal-gone": replaceFirstSignal(by: .hangup)
        case "deaf-wrapper": isWrapped = !isMended
        case "charged-twice", "lost-payment": stagePayments()
        case "idle-race": stageRace()
        case "rst-eats-response": stageStrays()
        case "keepalive-linger": stageLinger()
        // Of an answer that is read slowly the kernel has so much that no cut can be seen.
        case "exit-liar": if pace == .watched { workload.slowReaders = 0 }
        case "slow-peers": stageSlowPeers()
        case "websocket-hold": limitGrace(.seconds(4), .seconds(12))
        case "grace-mismatch": if !isMended { limitGrace(.seconds(1.6), .seconds(4)) }
        case "fatal-at-deadline": stageDeadline()
        case "stopped": stageStop()
        case "wrong-order", "early-finisher", "escalation-loses-order": keepWorkersBusy()
        case "second-signal": stageSecondSignal()
        case "double-shutdown": stageDoubleShutdown()
        case "group-signal": stageGroup()
        default: break
        }
    }

    /// SIGTERM while the server still starts, before it has answered once; a person gets the time to press the key.
    private mutating func stageStart() {
        switch pace {
        case .checked: signals = [ScheduledSignal(.terminate, after: .zero, since: .spawn, when: .spoken)]
        case .watched: slowStart = .seconds(6)
        }
    }

    /// Idle connections, and nothing in flight that would outlast them.
    private mutating func stageLinger() {
        workload.idlePause = .seconds(30)
        workload.slowReaders = 0
    }

    private mutating func replaceFirstSignal(by signal: Signal) {
        guard let first = signals.first else { return }
        signals[0] = ScheduledSignal(signal, after: first.after, when: first.condition)
    }

    private mutating func stagePayments() {
        fillWithPayments()
        guard scenario.name == "charged-twice" else { return }
        replacement = .afterExit
        // So many that one is between its charge and its answer whenever somebody presses the key.
        if pace == .watched { fillWithPayments() }
        if let first = signals.first {
            signals = [ScheduledSignal(.kill, after: first.after, when: .charged)]
        }
    }

    /// Three times as many payments as otherwise.
    private mutating func fillWithPayments(taking longer: ClosedRange<Double>? = nil) {
        workload.mix = workload.mix.map { share in
            guard case .payment(let span, _) = share.errand else { return share }
            return Workload.Share(share.weight * 3, .payment(longer ?? span, keyed: true))
        }
    }

    /// How long slow reads take, in seconds.
    private mutating func setReports(_ span: ClosedRange<Double>) {
        workload.mix = workload.mix.map { share in
            guard case .report = share.errand else { return share }
            return Workload.Share(share.weight, .report(span))
        }
    }

    /// A drain that is shorter than the requests; mended, it is longer.
    private mutating func stageDeadline() {
        guard !isMended else { return }
        if pace == .checked {
            shortenLead()
            // Whatever is in flight at the signal still is when the limit passes, however late the balancer notices.
            setReports(4...5)
        }
        limitDrain(.seconds(0.4), .seconds(2))
    }

    /// A client that never sends the rest of its request, beside one that reads slowly.
    private mutating func stageSlowPeers() {
        workload.halfSent = 1
        limitGrace(.seconds(4), .seconds(15))
    }

    /// SIGSTOP in the middle of the drain, SIGCONT when its limit is over; for a person the reports are what the server computes
    /// itself, so that a pause leaves as much to be done as there was.
    private mutating func stageStop() {
        limitDrain(.seconds(1.3), .seconds(18))
        workload.reportsAreComputed = pace == .watched
        // A person needs some seconds for the menu, and arrivals have gaps.
        let span = pace == .checked ? 1.8...2.0 : 12...14
        // Payments would go on at the bank meanwhile.
        workload.mix = workload.mix.compactMap { share in
            switch share.errand {
            case .fast: share
            case .report: Workload.Share(share.weight, .report(span))
            case .payment: nil
            }
        }
        guard pace == .checked else { return }
        shortenLead()
        // Their limit runs on by the clock, and the lesson is about requests.
        workload.websockets = 0
        thenInDrain(.stop)
        // By then the drain has taken longer than it may, whenever it began.
        signals.append(ScheduledSignal(.resume, after: .seconds(1.2), since: .signal(signals.count - 1)))
    }

    /// The second signal by itself only when nobody is there to press the key.
    private mutating func stageSecondSignal() {
        if pace == .checked { thenInDrain(.terminate) }
        stageLongPayments()
    }

    private mutating func stageDoubleShutdown() {
        workload.farewell = "/shutdown"
        stageLongPayments()
    }

    /// Payments that are not yet charged some seconds after the signal, and need the ledger then.
    private mutating func stageLongPayments() {
        guard pace == .watched else { return }
        fillWithPayments(taking: 7...10)
    }

    /// Many idle connections, each used once more within some milliseconds of the signal.
    private mutating func stageRace() {
        workload.racers = 400
        workload.racerWindow = .milliseconds(4)
    }

    /// A big answer is still being written when the server has stopped reading and its client sends something more.
    private mutating func stageStrays() {
        workload.strays = 4
        switch pace {
        case .checked:
            shortenLead()
            workload.readerSeconds = 6
        case .watched: (workload.strays, workload.readerSeconds, workload.strayDistance) = (5, 10, .seconds(2))
        }
    }

    /// Ctrl-C in a terminal, with a job running at any time.
    private mutating func stageGroup() {
        signalsGroup = true
        keepWorkersBusy()
        guard let first = signals.first else { return }
        signals[0] = ScheduledSignal(.interrupt, after: first.after, when: first.condition, to: .group)
    }

    /// Jobs that take so long that the workers always have one: a person may press the key at any moment.
    private mutating func keepWorkersBusy() {
        guard pace == .watched else {
            fillWithPayments()
            // The group's deadline comes half a second after the workers have fetched their last job.
            workload.receipt = scenario.name == "escalation-loses-order" ? .seconds(3) : .milliseconds(400)
            return
        }
        // Of 40 requests a second: two short payments, so that there are jobs soon, one long one and three reports.
        workload.mix = [
            Workload.Share(34, .fast), Workload.Share(3, .report(1...3)),
            Workload.Share(2, .payment(0.3...2, keyed: true)), Workload.Share(1, .payment(3...5, keyed: false)),
        ]
        workload.readerSeconds = 4
        workload.receipt = .seconds(4)
    }

    /// A lead that is just longer than the lag of a balancer that asks more often.
    private mutating func shortenLead() {
        budgets.lead = .seconds(0.3)
        balancer.interval = .seconds(0.1)
    }

    /// A grace period that the broken server outlasts; in a check nobody waits for a mended one, however slow the machine.
    private mutating func limitGrace(_ checked: Time, _ watched: Time) {
        guard pace == .checked else { return grace = watched }
        if !isMended { grace = checked }
    }

    private mutating func limitDrain(_ checked: Time, _ watched: Time) {
        budgets.drain = pace == .checked ? checked : watched
    }

    /// Another signal in the middle of the drain.
    private mutating func thenInDrain(_ signal: Signal) {
        guard !signals.isEmpty else { return }
        signals.append(ScheduledSignal(signal, after: .zero, since: .signal(0), when: .draining(.seconds(0.2))))
    }
}
