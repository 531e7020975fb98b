internal import DemoServer
internal import Experiment
internal import ShutdownTrace

/// What each lesson changes in its stage.
extension Stage {
    mutating func direct(drain: Time?) {
        switch scenario.name {
        case "startup-signal": signalAtStart()
        case "terminal-gone": replaceFirstSignal(by: .hangup)
        case "deaf-wrapper": isWrapped = !isMended
        case "charged-twice", "lost-payment": stagePayments()
        case "idle-race": workload.racers = 60
        case "rst-eats-response": workload.strays = 4
        case "slow-peers": stageSlowPeers()
        case "websocket-hold": limitGrace(.seconds(4), .seconds(12))
        case "grace-mismatch": if !isMended { limitGrace(.seconds(1.6), .seconds(4)) }
        case "fatal-at-deadline": if !isMended { limitDrain(.seconds(0.4), .seconds(2)) }
        case "stopped": stageStop(drain)
        case "wrong-order": fillWithPayments()
        case "second-signal": then(.terminate, after: .seconds(1.3))
        case "double-shutdown": workload.farewell = "/shutdown"
        case "group-signal": stageGroup()
        default: break
        }
    }

    /// SIGTERM while the server still starts: before it has answered once.
    private mutating func signalAtStart() {
        signals = [ScheduledSignal(.terminate, after: .seconds(0.15), since: .spawn)]
    }

    private mutating func replaceFirstSignal(by signal: Signal) {
        guard let first = signals.first else { return }
        signals[0] = ScheduledSignal(signal, after: first.after, when: first.condition)
    }

    private mutating func stagePayments() {
        fillWithPayments()
        guard scenario.name == "charged-twice" else { return }
        replacement = .afterExit
        if let first = signals.first {
            signals = [ScheduledSignal(.kill, after: first.after, when: .charged)]
        }
    }

    /// As many payments as reads.
    private mutating func fillWithPayments() {
        workload.mix = workload.mix.map { share in
            guard case .payment(let span, _) = share.errand else { return share }
            return Workload.Share(share.weight * 3, .payment(span, keyed: true))
        }
    }

    /// A client that never sends the rest of its request, beside one that reads slowly.
    private mutating func stageSlowPeers() {
        workload.halfSent = 1
        limitGrace(.seconds(4), .seconds(15))
    }

    /// SIGSTOP in the middle of the drain, SIGCONT when its limit is over.
    private mutating func stageStop(_ drain: Time?) {
        limitDrain(.seconds(1.5), .seconds(8))
        then(.stop, after: .seconds(1.2))
        then(.resume, after: .seconds(3.2))
    }

    private mutating func stageGroup() {
        signalsGroup = true
        fillWithPayments()
        replaceFirstSignal(by: .interrupt)
    }

    private mutating func limitGrace(_ checked: Time, _ watched: Time) {
        grace = pace == .checked ? checked : watched
    }

    private mutating func limitDrain(_ checked: Time, _ watched: Time) {
        budgets.drain = pace == .checked ? checked : watched
    }

    /// Another signal, so long after the first.
    private mutating func then(_ signal: Signal, after span: Time) {
        guard let first = signals.first else { return }
        signals.append(ScheduledSignal(signal, after: first.after + span))
    }
}
