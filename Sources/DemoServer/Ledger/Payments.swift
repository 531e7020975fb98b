import GRDB
import LifecycleTrace
import NIOCore
import ShutdownTrace

/// The body of `POST /payments`.
struct Payment: Sendable, Codable {
    /// The client's number of the order.
    var order: Int
    /// In cents.
    var amount: Int
}

/// What the ledger did with a payment.
enum Charge: Sendable {
    /// There is a new row.
    case charged(id: Int64, answer: String)
    /// The key was known: this was the first answer, and there is no new row.
    case replayed(id: Int64, answer: String)
    /// The key was known for a different order or amount.
    case mismatched
}

extension LedgerDatabase {
    /// Creates the tables, and queues the jobs again that a process left behind.
    @Sendable static func prepare(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS payments (
                    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, amount INTEGER NOT NULL,
                    idempotency_key TEXT UNIQUE, answer TEXT NOT NULL,
                    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
                CREATE TABLE IF NOT EXISTS jobs (
                    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,
                    state TEXT NOT NULL DEFAULT 'queued', owner TEXT,
                    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
                CREATE INDEX IF NOT EXISTS unfinished_jobs ON jobs (state, id) WHERE state <> 'done';
                """)
        if try !database.columns(in: "jobs").contains(where: { $0.name == "owner" }) {
            try database.execute(sql: "ALTER TABLE jobs ADD COLUMN owner TEXT")
        }
        try queueAgain(in: database)
    }

    /// Looks for the idempotency key, charges the payment and queues its receipt, all in one transaction.
    ///
    /// A failed future means that nothing was charged: the transaction was rolled back or never began.
    func charge(_ payment: Payment, key: String?, receipt: Time, on loop: any EventLoop) -> EventLoopFuture<Charge> {
        let promise = loop.makePromise(of: Charge.self)
        transact { database in
            try Self.charge(payment, key: key, receipt: receipt, in: database)
        } then: { result in
            if case .success(let (charge, job)) = result { self.announce(payment, charge, job) }
            promise.completeWith(result.map(\.0))
        }
        return promise.futureResult
    }

    /// The stored answer to a payment; nil when there is no such row.
    func answer(to id: Int64, on loop: any EventLoop) -> EventLoopFuture<String?> {
        let promise = loop.makePromise(of: String?.self)
        pool.asyncRead { database in
            promise.completeWith(
                Result {
                    try String.fetchOne(
                        database.get().cachedStatement(sql: "SELECT answer FROM payments WHERE id = ?"),
                        arguments: [id])
                })
        }
        return promise.futureResult
    }

    private func announce(_ payment: Payment, _ charge: Charge, _ job: Job?) {
        let step: PaymentEvent.Step? =
            switch charge {
            case .charged(let id, _): .charged(row: Int(id))
            case .replayed(let id, _): .replayed(row: Int(id))
            case .mismatched: nil
            }
        if let step { emitter.emit(.payment(PaymentEvent(order: payment.order, step))) }
        if let job { announce(job) }
    }

    private static func charge(
        _ payment: Payment, key: String?, receipt: Time, in database: Database
    ) throws -> (Charge, Job?) {
        if let key, let row = try known(key, in: database) {
            let isSame = row["order_id"] == payment.order && row["amount"] == payment.amount
            return (isSame ? .replayed(id: row["id"], answer: row["answer"]) : .mismatched, nil)
        }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO payments (id, order_id, amount, idempotency_key, answer)
                SELECT next.id, ?1, ?2, ?3, '{"payment":' || next.id || ',"order":' || ?1 || ',"amount":' || ?2 || '}'
                FROM (SELECT coalesce(max(id), 0) + 1 AS id FROM payments) AS next RETURNING id, answer
                """)
        guard let row = try Row.fetchOne(insert, arguments: [payment.order, payment.amount, key]) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL)
        }
        let id: Int64 = row["id"]
        let job = try add(.receipt, taking: receipt, for: "\(id)", in: database)
        return (.charged(id: id, answer: row["answer"]), job)
    }

    private static func known(_ key: String, in database: Database) throws -> Row? {
        try Row.fetchOne(
            database.cachedStatement(
                sql: "SELECT id, order_id, amount, answer FROM payments WHERE idempotency_key = ?"),
            arguments: [key])
    }
}
