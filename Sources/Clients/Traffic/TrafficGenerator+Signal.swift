import NIOCore
import Platform
package import ShutdownTrace

/// What the clients do around the first signal.
extension TrafficGenerator {
    /// Returns at the instant at which the signal has to be sent, so that racers can run before it too.
    package func approachSignal() async {
        // No newcomer has just connected or is about to; this takes 50 ms at most.
        if !stage.isSignalled, let wait = admission.schedule?.clearance(at: reporter.clock.now), wait > .zero {
            _ = await pause(wait)
        }
        stage.advance(to: .imminent)
        guard workload.racers > 0, !race.hasBegun, !stage.isSignalled else { return }
        let instant = reporter.clock.now + workload.racerWindow
        race.begin(around: instant, isAnnounced: true)
        _ = await pause(until: instant)
    }

    package func signalled(at time: Time) {
        guard stage.advance(to: .sent) else { return }
        for (id, port) in requests.ports { tellPort(id, port) }
        race.begin(around: time, isAnnounced: false)
        tellDoubt()
        if let path = workload.farewell { Task { await sayFarewell(path) } }
    }

    /// Posts to the server that is to leave, as a deploy tool does: a balancer might hand it to another one.
    private func sayFarewell(_ path: String) async {
        guard let address = leaver.addresses.first,
            let channel = try? await leaver.open(at: address, { [leaver] in Exchange(host: leaver.host) }),
            let open = try? channel.pipeline.syncOperations.handler(type: Exchange.self)
        else { return }
        await exchange(
            Request(method: "POST", path: path, patience: workload.patience), kind: .farewell, over: open)
        open.close()
    }

    /// Reports why a wrong body could not be told by its length, where that is so.
    private func tellDoubt() {
        guard let target = workload.target, target.expectation?.isText != true,
            let cause = knowledge.answers.doubt(about: workload.usual)
        else { return }
        reporter.tell(.connection(.workSkipped(.bodies, cause: cause)), from: .client)
    }

    /// Returns when the signal can be sent: see ``ScheduledSignal/Condition/underWay(_:)``.
    package func waitUntilUnderWay() async {
        await gate.entered.wait(atMost: Self.longestEntry, reporter.clock)
        let start = reporter.clock.now
        guard await pause(Self.settling) else { return }
        let isSlow = !knowledge.targetChecked.hasFired
        while !isOver, !isUnderWay(isSlow: isSlow), reporter.clock.now - start < Self.mostSettling {
            guard await pause(.milliseconds(10)) else { return }
        }
    }

    /// How long traffic goes on before the signal at least, and at most.
    private static let settling = Time.milliseconds(500), mostSettling = Time.milliseconds(1_500)
    /// A server that is never ready gets no traffic, and then the signal all the same.
    private static let longestEntry = Time.seconds(10)

    private func isUnderWay(isSlow: Bool) -> Bool {
        let kinds = [
            (ClientKind.idle, workload.idleConnections), (.upload, isSlow ? 0 : workload.slowUploads),
            (.pipelined, isSlow ? 0 : workload.pipelined),
        ]
        return kinds.allSatisfy { kind, count in
            count == 0 || knowledge.succeeded.contains(kind) || knowledge.skipped.contains(kind)
        }
    }
}
