import Platform

/// A ledger for a demo server that was given none, in a folder that goes with the server.
package struct TemporaryLedger {
    private let folder: OwnedFolder

    /// Makes the folder, and names the ledger on standard error.
    ///
    /// - Throws: `Failure` when the folder cannot be made.
    package init() throws {
        OwnedFolder.sweep()
        do { folder = try OwnedFolder() } catch { throw Failure("\(error) Or name a ledger with --database.") }
        Console.error("the ledger is \(path)\nIt goes with the server; --database FILE keeps one.")
    }

    /// The path of the database.
    package var path: String { folder.path + "/ledger.sqlite" }

    package func remove() { folder.remove() }
}
