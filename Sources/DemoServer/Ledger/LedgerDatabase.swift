import Dispatch
import GRDB
import Glibc
import LifecycleTrace
import Platform
import ShutdownTrace
import Synchronization

/// The ledger: payments and the jobs that follow from them, in one SQLite file in WAL mode.
///
/// Every write is one transaction on the pool's serial writer. Once the ledger begins to close, no transaction begins. The
/// open one ends, the write-ahead log is moved into the file, and the file is closed without a `-wal` beside it: that is
/// how its close is seen from outside.
final class LedgerDatabase: ServerResource {
    let kind = ResourceKind.ledger
    let emitter: Emitter

    /// The ledger was used after it began to close.
    struct Closed: Error {}

    private struct State {
        var next = 0
        var open = 0
        var isClosing = false
        var isReleased = false
        /// Whether each transaction is followed by a checkpoint.
        var isCheckpointing = false
        /// Whether a checkpoint waits for its turn.
        var isCheckpointQueued = false
        /// The faults of the machine that were reported.
        var faults: Set<CInt> = []
    }

    let pool: DatabasePool
    /// Wakes a worker for each queued job.
    let jobQueued = JobSemaphore()
    private let path: String
    private let limit: Time
    private let state = Mutex(State())

    init(path: String, emitter: Emitter, limit: Time) throws(Fault) {
        self.path = path
        self.emitter = emitter
        self.limit = limit
        do {
            var configuration = GRDB.Configuration()
            configuration.label = "ledger"
            configuration.busyMode = .timeout(5)
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write(Self.prepare)
        } catch {
            throw Fault("the ledger \(path) cannot be used (\(Self.words(error))); \(Self.advice(error))")
        }
        emitAcquired("sqlite")
    }

    /// Runs `body` in one transaction on the pool's writer queue, and passes its result to `then`.
    ///
    /// A failure rolls everything back. The result is ``Closed`` once the ledger begins to close.
    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        pool.asyncWriteWithoutTransaction { database in
            then(Result { try self.transaction(in: database, body) })
            self.checkpointLater()
        }
    }

    /// Runs `body` in one transaction and waits for its result.
    func transact<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            transact(body) { continuation.resume(with: $0) }
        }
    }

    /// Keeps the write-ahead log short from here on, so that its disk writes happen while requests are in flight, and not
    /// between the last answer and the exit.
    func stopIntake() {
        state.withLock { $0.isCheckpointing = true }
        checkpointLater()
    }

    func beginRelease() -> Int {
        state.withLock { state in
            state.isClosing = true
            return state.open
        }
    }

    func release() async throws(Fault) -> String {
        let isFirst = state.withLock { state in
            defer { state.isReleased = true }
            return !state.isReleased
        }
        // SQLite does not survive the use of a connection that is closed (sqlite3_close(), "undefined").
        guard isFirst else { throw Fault("the ledger was closed before") }
        let closed = OneShotEvent()
        let failure = Mutex<String?>(nil)
        DispatchQueue.global().async {
            do { try self.close() } catch { failure.withLock { $0 = Self.words(error) } }
            closed.fire()
        }
        if await closed.outcome(within: limit) != .fired {
            // This rolls the open transaction back (sqlite3_interrupt); after that the close takes milliseconds.
            pool.interrupt()
            guard await closed.outcome(within: .seconds(1)) == .fired else {
                throw Fault("the ledger did not close within \(limit.seconds) s")
            }
        }
        if let failure = failure.withLock({ $0 }) { throw Fault("the ledger did not close: \(failure)") }
        return "checkpointed, closed"
    }

    /// Queues a checkpoint behind the transactions that already wait, one at a time.
    private func checkpointLater() {
        let isWanted = state.withLock { state in
            guard state.isCheckpointing, !state.isCheckpointQueued, !state.isClosing else { return false }
            state.isCheckpointQueued = true
            return true
        }
        guard isWanted else { return }
        pool.asyncWriteWithoutTransaction { database in
            self.state.withLock { $0.isCheckpointQueued = false }
            _ = try? database.checkpoint(.passive)
        }
    }

    private func close() throws {
        // SQLite removes the write-ahead log only when the writer is closed last, and the pool closes it first.
        pool.invalidateReadOnlyConnections()
        let bytes = fileSize(path + "-wal")
        try pool.writeWithoutTransaction(Self.checkpoint)
        emitter.emit(.ledger(.checkpointed(bytes: bytes)))
        let open = state.withLock { $0.open }
        try pool.close()
        if access(path + "-wal", F_OK) == 0 {
            let last = try DatabaseQueue(path: path)
            try last.writeWithoutTransaction(Self.checkpoint)
            try last.close()
        }
        emitter.emit(.ledger(.closed(open: open)))
    }

    /// Moves the write-ahead log into the file, except what another instance still needs.
    private static func checkpoint(_ database: Database) throws {
        do {
            _ = try database.checkpoint(.truncate)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {}
    }

    private func transaction<Value>(in database: Database, _ body: (Database) throws -> Value) throws -> Value {
        let id = try begin()
        do {
            var value: Value?
            try database.inTransaction(.immediate) {
                value = try body(database)
                return .commit
            }
            end { .committed(id: id, open: $0) }
            guard let value else { throw Closed() }
            return value
        } catch {
            end { .rolledBack(id: id, open: $0, cause: Self.words(error)) }
            report(error)
            throw error
        }
    }

    /// The event is emitted under the lock, so that no transaction begins after the release has begun.
    private func begin() throws -> Int {
        let id: Int? = state.withLock { state in
            guard !state.isClosing else { return nil }
            state.next += 1
            state.open += 1
            emitter.emit(.ledger(.began(id: state.next, open: state.open)))
            return state.next
        }
        if let id { return id }
        emitter.emit(.ledger(.refused(cause: "it is closing")))
        throw Closed()
    }

    /// Emits the end of a transaction with the number of transactions that are still open.
    private func end(_ event: (_ open: Int) -> LedgerEvent) {
        let open = state.withLock { state in
            state.open -= 1
            return state.open
        }
        emitter.emit(.ledger(event(open)))
    }

    /// Reports each fault of the machine once; a violated constraint is the client's fault.
    private func report(_ error: any Error) {
        guard let error = error as? DatabaseError, error.resultCode != .SQLITE_CONSTRAINT else { return }
        let isFirst = state.withLock { $0.faults.insert(error.resultCode.rawValue).inserted }
        guard isFirst else { return }
        emitter.report(
            Fault(
                "the ledger \(path) failed (\(Self.words(error))); what it could not write is answered 503 and never "
                    + "acknowledged; \(Self.advice(error))"))
    }

    private static func words(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? error.resultCode.description
    }

    private static func advice(_ error: any Error) -> String {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: "name another file: this one is left as it is"
        case .SQLITE_FULL: "make room on that disk"
        default: "name a file in a folder that you may write to"
        }
    }
}

/// The size of a file in bytes, 0 where there is none.
private func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_size : 0
}
