import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// Two workers that run the jobs of the ledger's durable queue.
///
/// When the shutdown begins they fetch no further job: the queue is safe in the ledger. A running job is finished, or put
/// back into the queue at the workers' limit, while the ledger is still open.
final class Workers: ServerResource {
    let kind = ResourceKind.workers
    let emitter: Emitter

    private let ledger: LedgerDatabase
    private let limit: Time
    private let forced: OneShotEvent
    private let helper: Behaviour.Helper
    private let handBack = OneShotEvent()
    private let allStopped = OneShotEvent()
    private let state: Mutex<State>

    private struct State {
        var working = 0
        var stopped = 0
        var returned = 0
        var isOver = false
    }

    private static let count = 2

    init(ledger: LedgerDatabase, emitter: Emitter, limit: Time, forced: OneShotEvent, helper: Behaviour.Helper = .none)
        throws(Fault)
    {
        self.ledger = ledger
        self.emitter = emitter
        self.limit = limit
        self.forced = forced
        self.helper = helper
        state = Mutex(State())
        let left: Int
        do { left = try ledger.waitingJobs() } catch { throw Fault("the ledger's jobs cannot be read: \(error)") }
        emitAcquired(left == 0 ? "\(Self.count) workers" : "\(Self.count) workers, \(left) jobs left by an earlier run")
        ledger.jobQueued.wake(left)
        for _ in 0..<Self.count { Task { await work() } }
    }

    func stopIntake() {
        let working = state.withLock { state in
            state.isOver = true
            return state.working
        }
        ledger.jobQueued.end()
        emitQuiesced(working == 1 ? "1 job still running" : "\(working) jobs still running")
    }

    func beginRelease() -> Int { state.withLock { $0.working } }

    func release() async throws(Fault) -> String {
        if await allStopped.outcome(within: limit, unless: forced) != .fired {
            handBack.fire()
            guard await allStopped.outcome(within: .seconds(1)) == .fired else {
                throw Fault("a job could neither be finished nor handed back")
            }
        }
        let returned = state.withLock { $0.returned }
        return returned == 0 ? "all jobs finished" : "\(returned) handed back"
    }

    private func work() async {
        while await ledger.jobQueued.wait() {
            let isOver = state.withLock { state in
                if !state.isOver { state.working += 1 }
                return state.isOver
            }
            if isOver { break }
            if let job = try? await ledger.fetchJob() { await perform(job) }
            state.withLock { $0.working -= 1 }
        }
        let stopped = state.withLock { state in
            state.stopped += 1
            return state.stopped
        }
        if stopped == Self.count { allStopped.fire() }
    }

    private func perform(_ job: Job) async {
        let start = Clock.now()
        emitter.emit(job.event(.fetched))
        do {
            switch await run(job) {
            case .finished:
                try await ledger.finish(job)
                emitter.emit(job.event(.finished(took: Clock.now() - start)))
            case .handedBack:
                try await ledger.giveBack(job)
                state.withLock { $0.returned += 1 }
                emitter.emit(job.event(.returned))
            case .failed(let cause):
                try await ledger.abandon(job)
                emitter.emit(job.event(.abandoned(cause: cause)))
            }
        } catch {
            // The job's row still says 'running', so the next start queues it again.
            emitter.emit(job.event(.abandoned(cause: "\(error)")))
        }
    }

    private enum End {
        case finished, handedBack
        case failed(cause: String)
    }

    /// Does the work, in this process or in a helper, until it is done or the workers' limit is over.
    private func run(_ job: Job) async -> End {
        guard case .runsJobs(let group) = helper else {
            return await handBack.outcome(within: job.duration) == .timedOut ? .finished : .handedBack
        }
        guard let process = HelperProcess(["sleep", "\(job.duration.seconds)"], group: group) else {
            return .failed(cause: "its helper could not be started")
        }
        guard await process.ended.outcome(unless: handBack) == .fired else {
            await process.end()
            return .handedBack
        }
        return process.failure.map { .failed(cause: $0) } ?? .finished
    }
}
