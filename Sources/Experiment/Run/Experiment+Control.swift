import Clients
package import Platform
package import ShutdownTrace
import Synchronization

/// What a person can change while a run is under way.
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
        let line = command.line
        let isWritten = state.withLock { state in
            guard state.child != nil, let input = state.input else { return false }
            if command == .hold { state.grace.mayBeHeld = true }
            return input.write(Array("\(line)\n".utf8))
        }
        if isWritten { reporter.tell(.gate(.told(line)), from: .supervisor) }
        // Whether it does go on is its own affair: one that is stopped does not even hear of it.
        if isWritten, command == .release { releaseGrace(at: clock.now) }
        return isWritten
    }

    /// Polls readiness in another way from now on; the poll that is waited for counts already.
    ///
    /// - Returns: False when the balancer is HAProxy, which keeps what its configuration says.
    /// - Throws: ``ExperimentError/badPlan(_:)``, as for a plan.
    @discardableResult
    package func setBalancer(_ balancer: BalancerPlan) throws(ExperimentError) -> Bool {
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
        guard plan.replacement == .beforeSignal, isServing, let deploy else { return false }
        Task {
            if await replace(deploy) { send(signal, by: sender) }
        }
        return true
    }

    private var isServing: Bool { state.withLock { $0.isServing && $0.child != nil } }

    /// Starts the second instance unless that was done, and returns whether it has taken over.
    func replace(_ deploy: Deploy) async -> Bool {
        guard let sentry = state.withLock({ $0.sentry }) else { return false }
        deploy.begin(under: sentry)
        await deploy.settled.wait()
        guard let failure = deploy.failure else { return !Task.isCancelled }
        fail(failure)
        return false
    }

    /// Listens to what the judged server says of itself.
    func hear(_ event: Event) {
        switch try? event.payload {
        // By our own clock: a server cannot gain time by telling a wrong one.
        case .gate(.held): holdGrace(at: clock.now)
        case .gate(.released): releaseGrace(at: clock.now)
        case .payment(let payment):
            guard case .charged = payment.step else { return }
            for waiter in state.withLock({ $0.charges }) { waiter.yield(payment.order) }
        case .shutdown(.drainBegan):
            draining.fire()
            let traffic = state.withLock { $0.traffic }
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
