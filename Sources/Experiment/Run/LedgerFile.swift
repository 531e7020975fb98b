import Foundation
import GRDB
import ShutdownTrace

/// The server's database after the exit.
///
/// The file itself is never opened: opening it would recover and delete the write-ahead log that a killed server
/// leaves behind. A copy of both files is read instead.
struct LedgerFile: Sendable {
    let path: String

    /// The size of the `-wal` file that was left; nil when there is none, because the database was closed.
    var walBytes: Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// How many rows of the table `payments` each `order_id` has.
    func rows() throws -> [Int: Int] {
        do { return try rows(copiedTo: FileManager.default.temporaryDirectory) } catch {
            // A full disk is one of the things that break a ledger; /dev/shm is memory.
            do { return try rows(copiedTo: URL(fileURLWithPath: "/dev/shm")) } catch _ { throw error }
        }
    }

    private func rows(copiedTo parent: URL) throws -> [Int: Int] {
        let files = FileManager.default
        let folder = parent.appendingPathComponent("drainboard-audit-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        let copy = folder.appendingPathComponent("ledger.sqlite").path
        try files.copyItem(atPath: path, toPath: copy)
        if walBytes != nil { try files.copyItem(atPath: path + "-wal", toPath: copy + "-wal") }
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: copy, configuration: configuration).read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT order_id, COUNT(*) AS number FROM payments GROUP BY order_id")
            return Dictionary(rows.map { ($0["order_id"], $0["number"]) }, uniquingKeysWith: +)
        }
    }

    /// The cause as a sentence for a user.
    static func words(_ error: any Error) -> String {
        error is DatabaseError ? "\(error)" : error.localizedDescription
    }
}
