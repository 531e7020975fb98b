import Clients
import Glibc
import Monitoring
package import Platform
package import ShutdownTrace
import Synchronization

/// Sending signals to the server, and what follows from them.
extension Experiment {
    /// Sends a signal to the server that is judged, and to nothing else.
    ///
    /// The first signal that asks it to stop starts the grace period.
    ///
    /// - Parameters:
    ///   - signal: Any; it goes to exactly this process (pidfd_send_signal(2)).
    ///   - sender: The origin of the wish, which decides whether the signal asks the server to stop.
    ///   - target: The process, or all of its process group (kill(2) with a negative number).
    /// - Returns: False when the server is not running.
    @discardableResult
    package func send(_ signal: Signal, by sender: SignalSender, to target: SignalTarget = .process) -> Bool {
        if let masks { reporter.tell(.signal(.seen(masks)), from: .kernel) }
        state.withLock { $0.server }?.monitor.lookAtHandlers()
        if sender == .check, signal != .kill { lengthenLead() }
        let time = clock.now
        let asksToStop = asksToStop(signal, sender)
        let sent: (server: RunState.Server, failure: Int32)? = state.withLock { state in
            guard let server = state.server else { return nil }
            state.wasSignalled = true
            let failure = server.child.send(signal, to: target)
            // The end that the signal brings is reported later, because that needs this lock first.
            if failure == 0 {
                let sent = SignalEvent.sent(.init(signal, pid: server.child.pid, by: sender, target: target))
                reporter.tell(.signal(sent), from: .supervisor, at: time)
                if asksToStop { state.ask(AskedToStop(signal, to: target), at: time, grace: server.grace.length) }
            }
            return (server, failure)
        }
        guard let sent else { return false }
        guard sent.failure == 0 else {
            undelivered(signal, sender, to: target, sent.failure)
            return false
        }
        sent.server.monitor.signalled(stops: asksToStop)
        if asksToStop {
            changeGrace { $0.begin(at: time) }
            let traffic = traffic
            Task { await traffic?.signalled(at: time) }
        }
        return true
    }

    /// A person may try another way; a check has nothing else to wait for.
    private func undelivered(_ signal: Signal, _ sender: SignalSender, to target: SignalTarget, _ failure: Int32) {
        let isEmpty = target == .group && failure == ESRCH
        let cause =
            isEmpty
            ? "nobody is in the process group that it was started in: it has left it. Send it to the main process"
            : String(cString: strerror(failure)).lowercased()
        let sentence = "\(signal.name) did not reach the server: \(cause)."
        if sender == .check { fail(.badPlan(sentence)) } else { reporter.fault(sentence) }
    }

    /// A person's HUP or USR1 may ask for something else; what a check sends is meant to stop the server, unless the
    /// check has another signal for that.
    private func asksToStop(_ signal: Signal, _ sender: SignalSender) -> Bool {
        switch (signal, signal.defaultAction) {
        case (.kill, _): false
        case (.terminate, _), (.interrupt, _), (.quit, _): true
        case (_, .terminate), (_, .core): sender == .check
        default:
            sender == .check
                && !plan.signals.contains {
                    $0.signal != .kill && [.terminate, .core].contains($0.signal.defaultAction)
                }
        }
    }

    /// Grants the server another grace period, also when it has been asked to stop already.
    ///
    /// - Parameter grace: From the first signal to SIGKILL; where that time is over, SIGKILL comes at once.
    /// - Throws: ``RunError/badPlan(_:)``, as for a plan.
    package func setGrace(_ grace: Time) throws(RunError) {
        try Plan.positive(grace, "grace period")
        changeGrace {
            reporter.tell(.shutdown(.graceChanged(grace)), from: .supervisor)
            return $0.setLength(grace)
        }
    }

    /// Changes the grace period of the living server, and sets its timer to what holds then.
    func changeGrace(_ change: (inout GracePeriod) -> Bool) {
        state.withLock { state in
            state.withServer { server in
                guard change(&server.grace) else { return }
                server.graceTimer?.cancel()
                let length = server.grace.length
                server.graceTimer = server.grace.expiry.map { expiry in
                    Task {
                        try await clock.sleep(until: expiry)
                        reporter.tell(.shutdown(.graceExpired(length)), from: .supervisor)
                        send(.kill, by: .grace)
                    }
                }
            }
        }
    }
}
