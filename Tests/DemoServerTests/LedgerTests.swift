import Foundation
import GRDB
import LifecycleTrace
import NIOCore
import NIOPosix
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `The ledger of a demo server` {
    private func orders(in server: RunningServer) async throws -> [Int] {
        let queue = try DatabaseQueue(path: server.configuration.database)
        return try await queue.read { try Int.fetchAll($0, sql: "SELECT order_id FROM payments ORDER BY id") }
    }

    @Test func `answers a known key again and adds no row`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        var bodies: [String] = []
        for id in 1...2 {
            client.pay(7, key: "k", id: id)
            let answer = await client.read(until: "}")
            bodies.append(answer.components(separatedBy: "\r\n\r\n")[1])
        }
        client.send(
            "POST /payments HTTP/1.1\r\nIdempotency-Key: k\r\nContent-Length: 22\r\n\r\n{\"order\":8,\"amount\":1}")
        #expect(await client.read(until: "}").hasPrefix("HTTP/1.1 422"))
        server.signal()
        #expect(await server.end() == 0)

        #expect(bodies == Array(repeating: #"{"payment":1,"order":7,"amount":100}"#, count: 2))
        #expect(try await orders(in: server) == [7])
        #expect(server.all(.paymentCharged, .paymentReplayed).map { $0.fields.int("order") } == [7, 7])
    }

    @Test func `holds each payment that was acknowledged and no other`() async throws {
        let server = try await RunningServer(drain: .milliseconds(400))
        var clients: [Client] = []
        for order in 1...8 {
            let client = try server.client()
            client.pay(order, query: order % 2 == 0 ? "?ms=60000" : "?ms=50", id: order)
            clients.append(client)
        }
        for _ in clients { try await server.event(.requestStarted) }
        server.signal()
        var acknowledged: [Int] = []
        for (index, client) in clients.enumerated() where await client.readToEnd().text.hasPrefix("HTTP/1.1 201") {
            acknowledged.append(index + 1)
        }

        #expect(await server.end() == 1)
        #expect(acknowledged == [1, 3, 5, 7])
        #expect(try await orders(in: server).sorted() == acknowledged)
        #expect(server.all(.requestCancelled).compactMap { $0.fields.int("id") }.sorted() == [2, 4, 6, 8])
    }

    @Test func `begins no transaction once it is released`() async throws {
        let folder = try TemporaryFolder()
        let ledger = try LedgerDatabase(path: folder.file("l.sqlite"), emitter: Emitter(to: nil), limit: .seconds(1))
        _ = ledger.beginRelease()

        await #expect(throws: LedgerDatabase.Closed.self) { try await ledger.fetchJob() }
        #expect(try await ledger.release() == "checkpointed, closed")
    }

    @Test func `refuses a payment that a full disk has no room for`() async throws {
        let folder = try TemporaryFolder()
        let ledger = try LedgerDatabase(path: folder.file("l.sqlite"), emitter: Emitter(to: nil), limit: .seconds(1))
        try await ledger.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let key = String(repeating: "k", count: 100_000)

        await #expect(throws: DatabaseError.self) {
            try await ledger.charge(Payment(order: 1, amount: 1), key: key, receipt: .zero, on: loop).get()
        }
        #expect(try await ledger.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM payments") } == 0)
        _ = ledger.beginRelease()
        _ = try await ledger.release()
    }

    @Test func `queues again what a process that is gone left running, and nothing else`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("l.sqlite")
        let first = try LedgerDatabase(path: path, emitter: Emitter(to: nil), limit: .seconds(1))
        for _ in 1...3 { _ = try await first.add(.receipt, taking: .zero) }
        for _ in 1...3 { _ = try await first.fetchJob() }
        // Job 1 is of a process that is gone, job 2 of one whose pid somebody else has now, job 3 of this one.
        try await first.pool.writeWithoutTransaction { database in
            try database.execute(
                sql: "UPDATE jobs SET owner = CASE id WHEN 1 THEN '4194305 1' WHEN 2 THEN '1 1' ELSE owner END")
        }

        let second = try LedgerDatabase(path: path, emitter: Emitter(to: nil), limit: .seconds(1))
        #expect(try second.waitingJobs() == 2)
        #expect(try await second.fetchJob()?.id == 1)
        #expect(try await second.fetchJob()?.id == 2)
        #expect(try await second.fetchJob() == nil)
        for ledger in [first, second] {
            _ = ledger.beginRelease()
            #expect(try await ledger.release() == "checkpointed, closed")
        }
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test func `takes a file from before jobs had an owner, and queues again what it says is running`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("l.sqlite")
        let old = try DatabaseQueue(path: path)
        try await old.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,
                        state TEXT NOT NULL DEFAULT 'queued', created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
                    INSERT INTO jobs (kind, payload, state) VALUES ('receipt', '1000 7', 'running');
                    """)
        }
        try old.close()

        let ledger = try LedgerDatabase(path: path, emitter: Emitter(to: nil), limit: .seconds(1))
        #expect(try await ledger.fetchJob() == Job(id: 1, kind: .receipt, duration: .milliseconds(1)))
        _ = ledger.beginRelease()
        _ = try await ledger.release()
    }
}
