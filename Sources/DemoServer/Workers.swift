import ShutdownTrace
import Synchronization

/// Two workers over the ledger's durable queue of jobs.
///
/// When the shutdown begins they take no further job: what waits is safe in the ledger. A running one is finished, or
/// handed back at the workers' deadline, while the ledger is still open.
final class Workers: Resource {
    let name = ResourceName.workers
    let emitter: Emitter

    private let ledger: Ledger
    private let limit: Time
    private let forced: Moment
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

    init(ledger: Ledger, emitter: Emitter, limit: Time, forced: Moment) throws(Fault) {
        self.ledger = ledger
        self.emitter = emitter
        self.limit = limit
        self.forced = forced
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
        emitter.emit(.jobFetched, [.id: .number(job.id)])
        do {
            if await handBack.wait(atMost: job.takes) == .timedOut {
                try await ledger.finish(job)
                emitter.emit(.jobFinished, [.id: .number(job.id), .took: .time(Clock.now() - start)])
            } else {
                try await ledger.giveBack(job)
                state.withLock { $0.returned += 1 }
                emitter.emit(.jobReturned, [.id: .number(job.id)])
            }
        } catch {
            // Its row still says 'running', so the next start fetches it again.
            emitter.emit(.jobAbandoned, [.id: .number(job.id), .cause: .string("\(error)")])
        }
    }
}
