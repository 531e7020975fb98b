import Foundation

/// A ledger for a demo server that was given none.
package enum TemporaryLedger {
    /// Makes the folder of the ledger, and names the ledger on standard error.
    ///
    /// - Returns: The path of the database.
    /// - Throws: `Failure` when the folder cannot be made.
    package static func make() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("drainboard-serve-\(getpid())")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure("Cannot make \(folder.path): \(error.localizedDescription). Name a ledger with --database.")
        }
        let path = folder.appendingPathComponent("ledger.sqlite").path
        Console.error("the ledger is \(path)")
        return path
    }
}
