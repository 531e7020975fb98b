import Foundation
import GRDB
import Platform
import ShutdownTrace

/// The server's database after the exit.
///
/// The file itself is never opened: opening it would recover and delete the write-ahead log that a killed server
/// leaves behind. A copy of both files is read instead.
struct LedgerFile: Sendable {
    let path: String
    /// Removes a folder when this process dies before it has done so itself.
    var guardFolder: @Sendable (String) -> Void = { _ in }

    /// The size of the `-wal` file that was left; nil when there is none, because the database was closed.
    var walBytes: Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// How many rows of the table `payments` each `order_id` has.
    ///
    /// The copy lies beside the database, in the folder of the run, which goes with the run.
    func rows() throws -> [Int: Int] {
        let beside = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("audit")
        do {
            defer { try? FileManager.default.removeItem(at: beside) }
            try FileManager.default.createDirectory(at: beside, withIntermediateDirectories: false)
            return try rows(copiedTo: beside)
        } catch {
            // A full disk is one of the things that break a ledger; /dev/shm is memory.
            do { return try rowsInMemory() } catch _ { throw error }
        }
    }

    private func rowsInMemory() throws -> [Int: Int] {
        let path = OwnedFolder.freshPath(in: "/dev/shm")
        guardFolder(path)
        let folder = try OwnedFolder(making: path)
        defer { folder.remove() }
        return try rows(copiedTo: URL(fileURLWithPath: folder.path))
    }

    private func rows(copiedTo folder: URL) throws -> [Int: Int] {
        let files = FileManager.default
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
