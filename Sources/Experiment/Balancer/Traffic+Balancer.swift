import Clients
import Platform
import ShutdownTrace

extension Traffic {
    /// Polls readiness and moves the server in and out of rotation, until cancelled: the balancer of a run in which the
    /// clients connect to the server themselves.
    func balance(_ polling: Polling, _ prober: Prober) async {
        var rotation = Rotation(threshold: polling.plan.threshold)
        while !isOver, !Task.isCancelled {
            let start = reporter.clock.now
            let plan = polling.plan
            let probe = await prober.probe(plan.path, patience: plan.interval + .seconds(1))
            guard !isOver, !Task.isCancelled else { break }
            rotation.threshold = plan.threshold
            for event in rotation.take(probe, took: reporter.clock.now - start) {
                reporter.tell(.balancer(event), from: .balancer)
            }
            rotate(in: rotation.isIn)
            guard await polling.wait(after: start, isIn: rotation.isIn, reporter.clock) else { break }
        }
    }
}
