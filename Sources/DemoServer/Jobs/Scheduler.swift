import LifecycleTrace
import NIOCore
import NIOPosix
import ShutdownTrace

/// Queues a job every few seconds.
final class Scheduler: ServerResource {
    let kind = ResourceKind.scheduler
    let emitter: Emitter

    private let task: RepeatedTask

    /// The time between two jobs.
    private static let period = TimeAmount.seconds(3)
    /// How long one of these jobs takes.
    private static let work = Time.milliseconds(600)

    init(ledger: LedgerDatabase, emitter: Emitter) {
        self.emitter = emitter
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        task = loop.scheduleRepeatedTask(initialDelay: Self.period, delay: Self.period) { _ in
            Task { _ = try? await ledger.add(.reconcile, taking: Self.work) }
        }
        emitAcquired("a job every 3 s")
    }

    func stopIntake() {
        task.cancel()
        emitQuiesced("starts nothing new")
    }

    func release() async throws(Fault) -> String { "stopped" }
}
