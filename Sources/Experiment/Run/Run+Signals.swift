import Clients
import Platform
import ShutdownTrace

/// The signals that a run sends by itself.
extension Run {
    /// Sends the signals whose time counts from this origin, each followed by those whose time counts from it.
    func sendSignals(since origin: ScheduledSignal.Origin, _ start: Time) async {
        await withDiscardingTaskGroup { group in
            for (index, signal) in plan.signals.enumerated() where signal.since == origin {
                group.addTask {
                    guard await send(signal, since: start) else { return }
                    await sendSignals(since: .signal(index), clock.now)
                }
            }
        }
    }

    /// Returns false when the run ends before the signal is sent.
    private func send(_ scheduled: ScheduledSignal, since start: Time) async -> Bool {
        guard (try? await clock.sleep(until: start + scheduled.after)) != nil,
            await isReplaced(before: scheduled)
        else { return false }
        await wait(for: scheduled)
        guard await ownsPortAtSignal() else { return false }
        await traffic.approachSignal()
        guard !Task.isCancelled else { return false }
        return experiment.send(scheduled.signal, by: .check, to: scheduled.target)
    }

    /// In a rolling deploy, waits until the second instance has taken over; returns false when it cannot.
    private func isReplaced(before scheduled: ScheduledSignal) async -> Bool {
        guard plan.replacement == .beforeSignal, scheduled.since == .serving, let deploy else { return true }
        return await experiment.replace(deploy)
    }

    private func wait(for scheduled: ScheduledSignal) async {
        switch scheduled.condition {
        case .underWay(let count):
            await traffic.waitUntilUnderWay()
            await traffic.wait(untilInFlight: count, atMost: scheduled.patience)
        case .inFlight(let count): await traffic.wait(untilInFlight: count, atMost: scheduled.patience)
        case .spoken: await experiment.spoke.wait(atMost: scheduled.patience, clock)
        case .draining(let span):
            await experiment.draining.wait(atMost: scheduled.patience, clock)
            try? await clock.sleep(span)
        case .charged:
            let charges = experiment.charges()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await order in charges where await traffic.isPaying(order) { return } }
                group.addTask { try? await clock.sleep(scheduled.patience) }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
