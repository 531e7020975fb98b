internal import ShutdownTrace

/// The rules about what was found after the exit.
extension Judge {
    var noPaymentLost: Finding {
        payments { audit in
            guard audit.lost == 0 else { return .failed("\(audit.lost.grouped) lost") }
            return .held("\(audit.acknowledged.grouped) of \(audit.acknowledged.grouped) in the ledger")
        }
    }

    var noPaymentTwice: Finding {
        if !board.ledger.seenTwice.isEmpty, board.ledger.audit?.twice ?? 0 == 0 {
            return .failed("\(board.ledger.seenTwice.count.grouped) twice, says the server")
        }
        return payments { $0.twice == 0 ? .held("none") : .failed("\($0.twice.grouped) twice") }
    }

    var noPaymentInDoubt: Finding {
        payments { audit in
            if board.ledger.denied > 0 {
                return .failed(
                    "\(audit.ambiguous.grouped) in doubt, \(board.ledger.denied.grouped) charged and refused")
            }
            return audit.ambiguous == 0 ? .held("none") : .failed("\(audit.ambiguous.grouped) in doubt")
        }
    }

    /// What the audit of the ledger says, where there was one that could be read.
    private func payments(_ judge: (Ledger.Audit) -> Finding) -> Finding {
        let ledger = board.ledger
        let told = ledger.charged + ledger.acknowledged + ledger.unknown + ledger.refused
        guard told + (ledger.audit?.charged ?? 0) > 0 else { return .inapplicable("no payment was made") }
        guard let audit = ledger.audit else { return .unknown("the ledger was not audited") }
        if let failure = audit.failure { return .unknown("the ledger could not be read: \(failure)") }
        return judge(audit)
    }

    var databaseClosed: Finding {
        guard board.ledger.audit != nil, board.process.isGone else {
            return .inapplicable("no database was looked at")
        }
        // The second instance uses the same file, and tidies it up.
        if board.deploy != nil, board.isTraced, board.resources[.ledger] != nil {
            let isClosed = board.ledger.closedAt != nil
            return .judged(isClosed, isClosed ? "closed, as it says" : "it left that to the other instance")
        }
        guard let wal = board.remains.files.first(where: \.isWriteAheadLog) else {
            return .held("no write-ahead log left")
        }
        if board.remains.wereEnded { return .unknown("open when Drainboard ended what was left") }
        return .failed("\(wal.shortName) left, \(wal.bytes.grouped) bytes")
    }

    var databaseUnused: Finding {
        guard board.resources[.ledger] != nil else { return .inapplicable("the server names no database") }
        let uses = board.ledger.misuses + board.ledger.lateTransactions + board.ledger.openAtClose
        guard uses == 0 else { return .failed(counted(uses, "use")) }
        return board.ledger.closedAt == nil ? .inapplicable("it was never closed") : .held("none")
    }

    var logComplete: Finding {
        guard let lost = board.log.lost else { return .inapplicable("no log was looked at") }
        if lost > 0, board.remains.wereEnded {
            return .unknown("\(counted(lost, "line")) not written yet when Drainboard ended what was left")
        }
        return .judged(lost == 0, lost == 0 ? counted(board.log.found ?? 0, "line") : "\(lost.grouped) lost")
    }

    var portFree: Finding {
        guard let answer = board.remains.port else {
            return board.process.isRunOver ? .inapplicable("it has no port") : .unknown("nobody tried")
        }
        if let successor { return .inapplicable("its successor \(successor) serves on it") }
        return .judged(answer == .refused, answer.rawValue)
    }

    var nothingLeft: Finding {
        guard board.process.isRunOver else { return .unknown("nobody looked") }
        let left = board.remains.processes
        if let successor { return .inapplicable("\(successor) came after the signal, to serve in its place") }
        return .judged(left.isEmpty, left.isEmpty ? "none" : Remains.listed(left).joined(separator: ", "))
    }

    var traceComplete: Finding {
        guard board.isTraced else { return .inapplicable("it writes no events") }
        let missing = board.anomalies.missing[.server] ?? 0
        return .judged(missing == 0, missing == 0 ? "none" : "\(missing.grouped) missing")
    }
}
