import Dispatch
import GRDB
import Glibc
import LifecycleTrace
import ShutdownTrace
import Synchronization

/// The ledger: payments and the jobs that follow from them, in one SQLite file in WAL mode.
///
/// Every write is one transaction on the pool's serial writer. Once it begins to close, no transaction begins; the one
/// that is open ends, the write-ahead log is moved into the file, and the file is closed without a `-wal` beside it,
/// which is how anyone can see from outside that it was closed.
final class Ledger: Resource {
    let kind = ResourceKind.ledger
    let emitter: Emitter

    /// Somebody used the ledger after it began to close.
    struct Closed: Error {}

    private struct State {
        var next = 0
        var open = 0
        var isClosing = false
        var isReleased = false
        /// Whether the write-ahead log is moved into the file as soon as it grows.
        var isTidying = false
        var isTidyingNow = false
        var faults: Set<CInt> = []
    }

    let pool: DatabasePool
    /// Wakes the workers.
    let jobQueued = JobSignal()
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
        tellAcquired("sqlite")
    }

    /// Runs the closure in one transaction and hands its result on, on the pool's writer queue.
    ///
    /// A failure rolls everything back. Throws ``Closed`` into the result once the ledger begins to close.
    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        pool.asyncWriteWithoutTransaction { database in
            then(Result { try self.transaction(in: database, body) })
            self.tidy()
        }
    }

    /// The same for a task.
    func transact<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            transact(body) { continuation.resume(with: $0) }
        }
    }

    /// Keeps the write-ahead log short from here on: the waits for the disk lie beside the requests in flight then, and
    /// not between the last answer and the exit.
    func stopIntake() {
        state.withLock { $0.isTidying = true }
        tidy()
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
        let closed = Moment()
        let failure = Mutex<String?>(nil)
        DispatchQueue.global().async {
            do { try self.close() } catch { failure.withLock { $0 = Self.words(error) } }
            closed.pass()
        }
        if await closed.wait(atMost: limit) != .passed {
            // Rolls back what is open (sqlite3_interrupt); after that the close takes milliseconds.
            pool.interrupt()
            guard await closed.wait(atMost: .seconds(1)) == .passed else {
                throw Fault("the ledger did not close within \(limit.seconds) s")
            }
        }
        if let failure = failure.withLock({ $0 }) { throw Fault("the ledger did not close: \(failure)") }
        return "checkpointed, closed"
    }

    /// Moves what the write-ahead log holds, behind the transactions that already wait; one such move at a time.
    private func tidy() {
        let isWanted = state.withLock { state in
            guard state.isTidying, !state.isTidyingNow, !state.isClosing else { return false }
            state.isTidyingNow = true
            return true
        }
        guard isWanted else { return }
        pool.asyncWriteWithoutTransaction { database in
            self.state.withLock { $0.isTidyingNow = false }
            _ = try? database.checkpoint(.passive)
        }
    }

    private func close() throws {
        // The write-ahead log is only removed when the writer is the last to go, and the pool closes it first.
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

    /// Moves the write-ahead log into the file; another instance that is at work keeps it, and what it still needs.
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

    /// The event is emitted under the lock, so that none can follow the begin of the release.
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

    /// Tells how a transaction ended, with the number of those that are still open.
    private func end(_ event: (_ open: Int) -> LedgerEvent) {
        let open = state.withLock { state in
            state.open -= 1
            return state.open
        }
        emitter.emit(.ledger(event(open)))
    }

    /// A fault of the machine is told once; what a client did wrong is the client's.
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
