import ShutdownTrace
import Synchronization

/// The supervisor's grace period: from the first signal that asks the server to stop to SIGKILL.
struct Grace: Sendable {
    /// When it is over; nil while nobody has asked.
    var deadline: Time?
    /// Since when the server has been held at a gate, by our own wish.
    var heldSince: Time?
    /// The server was told to hold: without that, its word that it is held is worth nothing.
    var mayBeHeld = false
    var timer: Task<Void, any Error>?
}

extension Experiment {
    func startGrace(at time: Time) {
        state.withLock { state in
            guard state.grace.deadline == nil, state.child != nil else { return }
            state.grace.deadline = time + plan.grace
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
            state.grace.deadline = state.grace.deadline.map { $0 + max(.zero, time - max(since, $0 - plan.grace)) }
            arm(&state.grace)
        }
    }

    /// Sets the timer to what now holds.
    private func arm(_ grace: inout Grace) {
        grace.timer?.cancel()
        guard let deadline = grace.deadline, grace.heldSince == nil else { return }
        grace.timer = Task {
            try await clock.sleep(until: deadline)
            reporter.tell(.graceExpired, from: .supervisor, [.grace: .time(plan.grace)])
            send(.kill, by: "grace")
        }
    }
}
