package import Platform
package import ShutdownTrace
import Synchronization

/// The supervisor's grace period: from the first signal that asks the server to stop to SIGKILL.
struct Grace: Sendable {
    /// When it is over; nil while nobody has asked.
    var deadline: Time?
    /// Since when the server has been held at a gate, by our own wish.
    var heldSince: Time?
    /// The server was told to hold: without that, its word that it is held is worth nothing.
    var mayBeHeld = false
    /// How long it is, where that is not the plan's any more.
    var length: Time?
    var timer: Task<Void, any Error>?
}

extension Experiment {
    /// Grants the server another grace period, also when it has been asked to stop already.
    ///
    /// - Parameter grace: From the first signal to SIGKILL; where that time is over, SIGKILL comes at once.
    /// - Throws: ``ExperimentError/badPlan(_:)``, as for a plan.
    package func setGrace(_ grace: Time) throws(ExperimentError) {
        try Plan.positive(grace, "grace period")
        state.withLock { state in
            guard state.child != nil else { return }
            let before = state.grace.length ?? plan.grace
            state.grace.length = grace
            state.grace.deadline = state.grace.deadline.map { $0 + grace - before }
            reporter.tell(.shutdown(.graceChanged(grace)), from: .supervisor)
            arm(&state.grace)
        }
    }

    func startGrace(at time: Time) {
        state.withLock { state in
            guard state.grace.deadline == nil, state.child != nil else { return }
            state.grace.deadline = time + (state.grace.length ?? plan.grace)
            arm(&state.grace)
        }
    }

    /// The clock of the grace period stands from here on.
    func holdGrace(at time: Time) {
        state.withLock { state in
            guard state.grace.mayBeHeld, state.grace.heldSince == nil, state.child != nil else { return }
            state.grace.heldSince = time
            arm(&state.grace)
        }
    }

    /// It goes on with what was left.
    func releaseGrace(at time: Time) {
        state.withLock { state in
            guard let since = state.grace.heldSince, state.child != nil else { return }
            state.grace.heldSince = nil
            let length = state.grace.length ?? plan.grace
            state.grace.deadline = state.grace.deadline.map { $0 + max(.zero, time - max(since, $0 - length)) }
            arm(&state.grace)
        }
    }

    /// Sets the timer to what now holds.
    private func arm(_ grace: inout Grace) {
        grace.timer?.cancel()
        guard let deadline = grace.deadline, grace.heldSince == nil else { return }
        let length = grace.length ?? plan.grace
        grace.timer = Task {
            try await clock.sleep(until: deadline)
            reporter.tell(.shutdown(.graceExpired(length)), from: .supervisor)
            send(.kill, by: .grace)
        }
    }
}
