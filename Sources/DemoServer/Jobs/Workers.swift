import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// Two workers over the ledger's durable queue of jobs.
///
/// When the shutdown begins they take no further job: what waits is safe in the ledger. A running one is finished, or
/// handed back at the workers' deadline, while the ledger is still open.
final class Workers: Resource {
    let kind = ResourceKind.workers
    let emitter: Emitter

    private let ledger: Ledger
    private let limit: Time
    private let forced: Moment
    private let helper: Behaviour.Helper
    private let handBack = Moment()
    private let allHome = Moment()
    private let state: Mutex<State>

    private struct State {
        var working = 0
        var home = 0
        var returned = 0
        var isOver = false
    }

    private static let count = 2

    init(ledger: Ledger, emitter: Emitter, limit: Time, forced: Moment, helper: Behaviour.Helper = .none) throws(Fault)
    {
        self.ledger = ledger
        self.emitter = emitter
        self.limit = limit
        self.forced = forced
        self.helper = helper
        state = Mutex(State())
        let left: Int
        do { left = try ledger.waitingJobs() } catch { throw Fault("the ledger's jobs cannot be read: \(error)") }
        tellAcquired(left == 0 ? "\(Self.count) workers" : "\(Self.count) workers, \(left) jobs left by an earlier run")
        ledger.jobQueued.wake(left)
        for _ in 0..<Self.count { Task { await work() } }
    }

    func stopIntake() {
        let working = state.withLock { state in
            state.isOver = true
            return state.working
        }
        ledger.jobQueued.end()
        tellQuiesced(working == 1 ? "1 job still running" : "\(working) jobs still running")
    }

    func beginRelease() -> Int { state.withLock { $0.working } }

    func release() async throws(Fault) -> String {
        if await allHome.wait(atMost: limit, unless: forced) != .passed {
            handBack.pass()
            guard await allHome.wait(atMost: .seconds(1)) == .passed else {
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
        let home = state.withLock { state in
            state.home += 1
            return state.home
        }
        if home == Self.count { allHome.pass() }
    }

    private func perform(_ job: Job) async {
        let start = Clock.now()
        emitter.emit(job.event(.fetched))
        do {
            switch await labour(job) {
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
            // Its row still says 'running', so a start after this process is gone fetches it again.
            emitter.emit(job.event(.abandoned(cause: "\(error)")))
        }
    }

    private enum End {
        case finished, handedBack
        case failed(cause: String)
    }

    /// The work itself, in this process or in a helper, until it is done or the workers' limit hands it back.
    private func labour(_ job: Job) async -> End {
        guard case .runsJobs(let group) = helper else {
            return await handBack.wait(atMost: job.takes) == .timedOut ? .finished : .handedBack
        }
        guard let process = HelperProcess(["sleep", "\(job.takes.seconds)"], group: group) else {
            return .failed(cause: "its helper could not be started")
        }
        guard await process.ended.wait(unless: handBack) == .passed else {
            await process.end()
            return .handedBack
        }
        return process.failure.map { .failed(cause: $0) } ?? .finished
    }
}
