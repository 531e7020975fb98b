import Foundation
import GRDB
import ShutdownTrace
import TestSupport
import Testing

@testable import Clients
@testable import Experiment

@Suite(.timeLimit(.minutes(3))) struct `The ledger of a run` {
    @Test func `reads a ledger whose server was killed, without touching it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/ledger.sqlite"
        let database = try DatabasePool(path: path)
        try database.write { database in
            try database.execute(sql: "CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER)")
            for order in [1, 3, 3, 4] {
                try database.execute(sql: "INSERT INTO payments (order_id) VALUES (?)", arguments: [order])
            }
        }
        // Still open: everything is in the write-ahead log, as after SIGKILL.
        let ledger = LedgerFile(path: path)
        let before = try #require(ledger.walBytes)
        let audit = PaymentAudit(
            beliefs: [
                1: .init(.paid, request: 11), 2: .init(.paid, request: 12), 3: .init(.unknown, request: 13),
                4: .init(.unknown, request: 14),
            ], rows: try ledger.rows())
        #expect(before > 0)
        #expect(ledger.walBytes == before)
        #expect(audit.charged == 4)
        #expect(audit.acknowledged == 2)
        #expect(audit.findings.map(\.order) == [2, 3, 4])
        #expect(audit.findings.map(\.flaw) == [.lost, .twice, .ambiguous])
        try database.close()
    }

    @Test func `says why a ledger cannot be read`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/ledger.sqlite"
        try Data("no database".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self) { try LedgerFile(path: path).rows() }
    }
}
