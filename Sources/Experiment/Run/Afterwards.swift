import CLinux
import Clients
import Foundation
import Glibc
import Platform
import ShutdownTrace

/// What is looked at from outside once the process is gone, each finding an event.
struct Afterwards: Sendable {
    let plan: Plan
    let port: Int
    let reporter: Reporter

    /// Connects once, to see whether somebody is still there.
    func probePort() {
        let failure = clinux_probe(UInt16(port), 500)
        let answer =
            switch failure {
            case 0: "accepts"
            case ECONNREFUSED: "refused"
            default: String(cString: strerror(failure)).lowercased()
            }
        reporter.tell(.portProbed, from: .supervisor, [.port: .number(port), .answer: .string(answer)])
    }

    /// Looks at the database: first what lies there, then what is in it.
    func auditLedger(_ beliefs: [Int: (belief: PaymentAttempts.Belief, id: Int)]) {
        guard let path = plan.database else { return }
        let ledger = Ledger(path: path)
        if let bytes = ledger.walBytes {
            reporter.tell(.fileLeft, from: .supervisor, [.file: .string(path + "-wal"), .bytes: .number(bytes)])
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return reporter.tell(.ledgerAudited, from: .supervisor, [.cause: "the server had not made one"])
        }
        do {
            for (kind, fields) in PaymentAudit(beliefs: beliefs, rows: try ledger.rows()).events {
                reporter.tell(kind, from: .supervisor, fields)
            }
        } catch {
            reporter.tell(
                .ledgerAudited, from: .supervisor, [.cause: .string("cannot read \(path): \(Ledger.words(error))")])
        }
    }

    /// Counts the lines of the log against those that the server said it had written.
    func auditLog(reported: Int?) {
        guard let path = plan.log else { return }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            return reporter.tell(
                .logAudited, from: .supervisor, [.lines: 0, .lost: .number(reported ?? 0)])
        }
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        reporter.tell(
            .logAudited, from: .supervisor,
            [.lines: .number(lines), .lost: .number(max(0, (reported ?? 0) - lines))])
    }
}
