import Clients
package import Platform
package import ShutdownTrace
import Synchronization

/// What a person can change while a run is under way, and what the run does when the server reports something.
extension Experiment {
    /// Writes a command to the server's standard input, and never waits for it.
    ///
    /// After `hold` the grace period stands still between the server's event `gate.held` and `release`, or its event
    /// `gate.released`.
    ///
    /// - Returns: False when the server is not ``Plan/isTied``, is not running, or has not read the lines before.
    @discardableResult
    package func tell(_ command: ControlCommand) -> Bool {
        guard plan.isTied else { return false }
        let isWritten = state.withLock { state in
            state.withServer { server in
                if command == .hold { server.grace.mayBeHeld = true }
                return server.input.write(Array("\(command.line)\n".utf8))
            } ?? false
        }
        guard isWritten else { return false }
        reporter.tell(.gate(.told(command.line)), from: .supervisor)
        // The clock goes on even if the server does not: a stopped one does not even hear the command.
        if command == .release { changeGrace { $0.release(at: clock.now) } }
        return true
    }

    package func endTraffic() {
        let traffic = traffic
        Task { await traffic?.close() }
    }

    /// Polls readiness in another way from now on; the poll that is waited for counts already.
    ///
    /// - Returns: False when the balancer is HAProxy, which keeps what its configuration says.
    /// - Throws: ``RunError/badPlan(_:)``, as for a plan.
    @discardableResult
    package func setBalancer(_ balancer: BalancerPlan) throws(RunError) -> Bool {
        try balancer.validate()
        guard plan.balancer != nil else { return false }
        if let deploy {
            guard deploy.balancer.change(to: balancer) else { return false }
        } else {
            polling.change(to: balancer)
        }
        reporter.tell(
            .balancer(.changed(interval: balancer.interval, threshold: balancer.threshold)), from: .balancer)
        return true
    }

    /// Begins the rolling deploy: starts the second instance, and once that is in rotation sends the first its signal.
    ///
    /// Returns at once. A deploy that has begun begins no other; the signal is sent all the same.
    ///
    /// - Returns: False when the plan has no replacement before the signal, or the server is not serving.
    @discardableResult
    package func deploy(_ signal: Signal = .terminate, by sender: SignalSender) -> Bool {
        let isServing = state.withLock { $0.start == .serving && $0.server != nil }
        guard plan.replacement == .beforeSignal, isServing, let deploy else { return false }
        Task {
            if await replace(deploy) { send(signal, by: sender) }
        }
        return true
    }

    /// Starts the second instance unless that was done, and returns whether it has taken over.
    func replace(_ deploy: DeployRun) async -> Bool {
        deploy.begin()
        await deploy.settled.wait()
        guard let failure = deploy.failure else { return !Task.isCancelled }
        fail(failure)
        return false
    }

    /// Takes what the judged server reports about itself, before the event is merged with the others.
    func hear(_ event: Event) {
        switch try? event.payload {
        // The time is that of our own clock: a server cannot gain time by reporting a wrong one.
        case .gate(.held): changeGrace { $0.hold(at: clock.now) }
        case .gate(.released): changeGrace { $0.release(at: clock.now) }
        case .payment(let payment):
            guard case .charged = payment.step else { return }
            for waiter in state.withLock({ $0.charges }) { waiter.yield(payment.order) }
        case .shutdown(.drainBegan):
            draining.fire()
            let traffic = traffic
            Task { await traffic?.draining() }
        default: break
        }
    }

    /// The orders of the payments that the server commits from now on.
    func charges() -> AsyncStream<Int> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        state.withLock { $0.charges.append(continuation) }
        return stream
    }
}
