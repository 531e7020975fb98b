import LifecycleTrace
import NIOCore
import NIOPosix
import ShutdownTrace

/// Queues a job every few seconds, as a timetable does.
final class Scheduler: Resource {
    let kind = ResourceKind.scheduler
    let emitter: Emitter

    private let timetable: RepeatedTask

    /// Between two jobs.
    private static let period = TimeAmount.seconds(3)
    /// What such a job takes.
    private static let work = Time.milliseconds(600)

    init(ledger: Ledger, emitter: Emitter) {
        self.emitter = emitter
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        timetable = loop.scheduleRepeatedTask(initialDelay: Self.period, delay: Self.period) { _ in
            Task { _ = try? await ledger.add(.reconcile, taking: Self.work) }
        }
        tellAcquired("a job every 3 s")
    }

    func stopIntake() {
        timetable.cancel()
        tellQuiesced("starts nothing new")
    }

    func release() async throws(Fault) -> String { "stopped" }
}
