import CLinux
import Clients
import Foundation
import Glibc
import Platform
import ShutdownTrace

/// Looks from outside at what a server left once its process is gone; each finding is an event.
struct PostExitAudit: Sendable {
    let plan: Plan
    let port: Int
    let reporter: Reporter
    let reaper: ProcessReaper

    func probePort() {
        let failure = clinux_probe(UInt16(port), 500)
        let answer: PortAnswer =
            switch failure {
            case 0: .accepts
            case ECONNREFUSED: .refused
            default: .other(String(cString: strerror(failure)).lowercased())
            }
        tell(.portProbed(port: port, answer))
    }

    /// Compares the database with what the clients believe.
    func auditLedger(_ beliefs: [Int: PaymentBook.Entry]) {
        guard let path = plan.database else { return }
        let ledger = LedgerFile(path: path) { [reaper] in reaper.remove(folder: $0) }
        if let bytes = ledger.walBytes {
            tell(.fileLeft(file: path + "-wal", bytes: bytes))
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return tell(.ledgerUnreadable(cause: "the server had not made one"))
        }
        do {
            for event in PaymentAudit(beliefs: beliefs, rows: try ledger.rows()).events { tell(event) }
        } catch {
            tell(.ledgerUnreadable(cause: "cannot read \(path): \(LedgerFile.words(error))"))
        }
    }

    /// Compares the lines of the first instance's log with the number that it reported.
    func auditLog(reported: Int) {
        guard let path = plan.log?.replacing("{instance}", with: "1") else { return }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            return tell(.logAudited(lines: 0, lost: reported))
        }
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        tell(.logAudited(lines: lines, lost: max(0, reported - lines)))
    }

    private func tell(_ event: RemainsEvent) { reporter.tell(.remains(event), from: .supervisor) }
}
