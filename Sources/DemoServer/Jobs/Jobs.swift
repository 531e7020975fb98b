import GRDB
import LifecycleTrace
import ShutdownTrace

/// A piece of background work that the ledger remembers until it is done.
struct Job: Hashable, Sendable {
    var id: Int64
    var kind: JobKind
    /// How long the work takes.
    var duration: Time

    /// A step of the job, for the trace.
    func event(_ step: JobEvent.Step) -> Payload { .job(JobEvent(Int(id), step)) }
}

extension LedgerDatabase {
    /// Queues a job.
    func add(_ kind: JobKind, taking time: Time) async throws -> Job {
        let job = try await transact { try Self.add(kind, taking: time, for: "", in: $0) }
        announce(job)
        return job
    }

    /// Says in the trace that a job is queued, and wakes a worker.
    func announce(_ job: Job) {
        emitter.emit(job.event(.queued(kind: job.kind)))
        jobQueued.wake()
    }

    /// Takes the oldest job from the queue; nil when none waits.
    func fetchJob() async throws -> Job? {
        try await transact { database in
            let fetch = try database.cachedStatement(
                sql: """
                    UPDATE jobs SET state = 'running', owner = ? WHERE id =
                        (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING id, kind, payload
                    """)
            return try Row.fetchOne(fetch, arguments: [JobOwner.current.text]).map(Self.job)
        }
    }

    func finish(_ job: Job) async throws {
        try await setState("done", of: job)
    }

    /// Puts a job back into the queue, for another worker or the next start.
    func giveBack(_ job: Job) async throws {
        try await setState("queued", of: job)
    }

    /// Marks a job as failed: no worker will run it again.
    func abandon(_ job: Job) async throws {
        try await setState("failed", of: job)
    }

    /// Queues the running jobs again whose process is gone; jobs that another instance runs stay with it.
    static func queueAgain(in database: Database) throws {
        let owners = try Optional<String>.fetchAll(
            database, sql: "SELECT DISTINCT owner FROM jobs WHERE state = 'running'")
        for owner in owners where owner.map({ !JobOwner(text: $0).isAlive }) ?? true {
            try database.execute(
                sql: "UPDATE jobs SET state = 'queued' WHERE state = 'running' AND owner IS ?", arguments: [owner])
        }
    }

    /// How many jobs wait.
    func waitingJobs() throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM jobs WHERE state = 'queued'") ?? 0 }
    }

    /// Adds a job within the caller's transaction; the payload is its length in microseconds and its subject.
    static func add(_ kind: JobKind, taking time: Time, for subject: String, in database: Database) throws -> Job {
        try database.cachedStatement(sql: "INSERT INTO jobs (kind, payload) VALUES (?, ?)")
            .execute(arguments: [kind.rawValue, "\(time.microseconds) \(subject)"])
        return Job(id: database.lastInsertedRowID, kind: kind, duration: time)
    }

    private static func job(_ row: Row) -> Job {
        let payload: String = row["payload"]
        let length = payload.split(separator: " ").first.flatMap { Int64($0) } ?? 0
        return Job(
            id: row["id"], kind: JobKind(rawValue: row["kind"]) ?? .receipt, duration: Time(microseconds: length))
    }

    private func setState(_ state: String, of job: Job) async throws {
        try await transact { database in
            try database.cachedStatement(sql: "UPDATE jobs SET state = ? WHERE id = ?")
                .execute(arguments: [state, job.id])
        }
    }
}
