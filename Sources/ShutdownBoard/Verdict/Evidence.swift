internal import ShutdownTrace

/// What the verdict card shows under its word.
extension Judge {
    var evidence: [Verdict.Evidence] {
        guard !board.isImported else { return importedEvidence + [anomalyEvidence].compactMap { $0 } }
        return [
            deployEvidence, gapEvidence, flightEvidence, lateEvidence, ownWordsEvidence, killEvidence,
            beginningsEvidence, releaseEvidence, socketEvidence,
        ].compactMap { $0 }
            + outsideEvidence + ledgerEvidence
            + [leftEvidence, logEvidence, busyEvidence, anomalyEvidence].compactMap { $0 }
    }

    func line(_ label: String, _ text: String, isLoss: Bool = false, isWorst: Bool = false) -> Verdict.Evidence {
        Verdict.Evidence(label: label, text: text, isLoss: isLoss, isWorst: isWorst)
    }

    /// A server on a busy machine is later than it would be elsewhere, and a limit of its own may pass for that.
    private var busyEvidence: Verdict.Evidence? {
        let wait = board.family.processorWaits.total
        guard let signal = board.stopSignal, wait >= .milliseconds(250) else { return nil }
        let took = (board.process.exit?.at ?? signal.at + wait) - signal.at
        guard wait.seconds > took.seconds / 10 else { return nil }
        return line(
            "a busy machine",
            "for \(wait.words) after the signal a thread of the server could run and no processor was free: "
                + "run it again on a quiet machine before you rely on a time or on a limit that passed")
    }

    private var deployEvidence: Verdict.Evidence? {
        guard let deploy = board.deploy, deploy.total > 0 else { return nil }
        let answered = deploy.total - deploy.failed
        var shares = deploy.instances.map { (count: $0.served, by: "by instance \($0.number)") }
        if !shares.isEmpty { shares[0].count -= deploy.servedBefore }
        let unsigned = answered - shares.reduce(0) { $0 + $1.count }
        if unsigned > 0 { shares.append((unsigned, "unsigned")) }
        return line(
            deploy.isRestart ? "restart" : "deploy",
            "\(deploy.failed.grouped) failed, \(answered.grouped) answered since it began   "
                + shares.map { "\($0.count.grouped) \($0.by)" }.joined(separator: ", "),
            isLoss: deploy.failed > 0)
    }

    private var gapEvidence: Verdict.Evidence? {
        guard let gap else { return nil }
        return line("a gap", "\(gap.words)   \(gap.turnedAway.grouped) turned away in it", isLoss: true)
    }

    /// Requests that came after the signal, where one of them was not answered well.
    private var lateEvidence: Verdict.Evidence? {
        let late = board.traffic.fatesAfterSignal
        guard board.isTraced, late.contains(where: { !$0.key.isWhole || $0.key == .failed || $0.key == .unavailable })
        else { return nil }
        return line("came after the signal", "\(late.values.reduce(0, +).grouped)   \(late.words)", isLoss: true)
    }

    private var flightEvidence: Verdict.Evidence? {
        guard board.stopSignal != nil else { return nil }
        if board.isUnasked {
            return line("in flight at the signal", "nobody knows: no client of this run asked it anything")
        }
        if board.isOwnWord {
            return line("in flight at the signal", "nobody knows: the trace has only the server's own word")
        }
        guard board.requests.countAtSignal > 0 else {
            return line("in flight at the signal", "0   so nothing was shown")
        }
        let fates = board.requests.fatesAtSignal
        let early = fates[.resetEarly] == nil ? "" : " (before the request was sent)"
        return line(
            "in flight at the signal", "\(board.requests.countAtSignal.grouped)   \(fates.words)\(early)",
            isLoss: fates.keys.contains { $0.isLoss })
    }

    /// The requests that the last signal cut, by name.
    private var killEvidence: Verdict.Evidence? {
        guard !board.requests.lost.isEmpty else { return nil }
        let groups = Dictionary(grouping: board.requests.lost.prefix(64)) { "\($0.method) \($0.path)" }
        let texts = groups.sorted { $0.value[0].id < $1.value[0].id }.map { name, lanes in
            lanes.map(\.id).sorted().prefix(6).map(String.init).joined(separator: ", ") + (lanes.count > 6 ? ", …" : "")
                + " \(name)"
        }
        let atSignal = board.requests.lost.count(where: \.wasInFlightAtSignal)
        let since = board.requests.lost.count - atSignal
        let parts = [(atSignal, "in flight at the signal"), (since, "came after it")].filter { $0.0 > 0 }
        let counts = parts.count == 1 ? [] : parts.map { "\($0.0.grouped) \($0.1)" }
        // A client that came later met no server that a kill could have cut off.
        let isKilled =
            board.signals.sent.last.map { last in
                last.signal == .kill && board.requests.lost.allSatisfy { $0.startedAt <= last.at }
            } ?? false
        return line(
            isKilled ? "cut by the kill" : "without an answer",
            "\(board.requests.lost.count.grouped)   "
                + (counts.isEmpty ? "" : "\(counts.joined(separator: ", ")): ") + texts.joined(separator: "; "),
            isLoss: true)
    }

    /// A clean-up that ran more than once.
    private var beginningsEvidence: Verdict.Evidence? {
        guard board.shutdown.beginnings > 1, let began = board.shutdown.beganAt else { return nil }
        let texts = board.shutdown.repeats.prefix(3).map { "\($0.cause.text) after \(($0.at - began).words)" }
        let more = board.shutdown.beginnings - 1 - texts.count
        return line(
            "clean-ups",
            "\(board.shutdown.beginnings.grouped) begun   again by \(texts.joined(separator: "; "))"
                + (more > 0 ? "; \(more.grouped) more" : ""),
            isLoss: true)
    }

    private var releaseEvidence: Verdict.Evidence? {
        guard !board.resources.stack.isEmpty, board.stopSignal != nil else { return nil }
        let released = board.resources.releases.map(\.rawValue).joined(separator: ", ")
        let rest = board.resources.stack.reversed().filter { !$0.state.isReleased }
        let unfinished = rest.first(where: \.state.isReleasing)
        var parts = [released.isEmpty ? "nothing" : released]
        if let unfinished { parts.append("\(unfinished.name) was not done") }
        for resource in rest {
            if case .failed(_, let cause) = resource.state { parts.append("\(resource.name) failed: \(cause)") }
        }
        let untouched = rest.filter {
            $0.state.isHeld && $0.name != unfinished?.name && !board.isDoneUnsaid($0) && !hasClosed($0)
        }.map(\.name.rawValue)
        if rest.contains(where: { hasClosed($0) && $0.name != unfinished?.name }) {
            parts.append("listener only closed")
        }
        if !untouched.isEmpty { parts.append("\(untouched.joined(separator: ", ")) never began") }
        parts += repeatedReleases
        return line(
            "released",
            "\(board.resources.releasedCount) of \(board.resources.stack.count)   \(parts.joined(separator: "; "))"
                + (board.isTraced ? "" : ", as its lines say"),
            isLoss: !rest.isEmpty || !repeatedReleases.isEmpty)
    }

    /// Whether this is the listener, closed while its requests were still there.
    private func hasClosed(_ resource: Resource) -> Bool {
        resource.name == .listener && resource.state.isHeld && board.listener.closedAt != nil
    }

    /// What a second clean-up did to what the first one had released.
    private var repeatedReleases: [String] {
        let again = board.resources.stack.reversed().filter { $0.releases > 1 }.map(\.name.rawValue)
        let failed = board.resources.stack.reversed().filter { $0.failedAgain != nil }.map(\.name.rawValue)
        return [(again, "released again"), (failed, "failed the second time")].compactMap { names, what in
            names.isEmpty ? nil : "\(names.joined(separator: ", ")) \(what)"
        }
    }

    private var socketEvidence: Verdict.Evidence? {
        guard board.websockets.atSignal > 0 else { return nil }
        let dirty = max(0, board.websockets.atSignal - board.websockets.closedClean - board.websockets.leftOpen)
        let text =
            "\(board.websockets.closedClean) of \(board.websockets.atSignal) told goodbye"
            + (dirty > 0 ? ", \(dirty) cut" : "") + (leftOpen.map { ", \($0)" } ?? "")
        return line("websockets", text, isLoss: dirty > 0)
    }

    private var ledgerEvidence: [Verdict.Evidence] {
        guard board.ledger.hasPayments, let audit = board.ledger.audit else { return [] }
        if let failure = audit.failure { return [line("ledger", "could not be read: \(failure)", isLoss: true)] }
        let replayed =
            board.ledger.replayed > 0 ? "; \(counted(board.ledger.replayed, "answer")) repeated for a known key" : ""
        let counts = "charged \(audit.charged.grouped), acknowledged \(audit.acknowledged.grouped)" + replayed
        let first = line("ledger", counts, isLoss: audit.lost + audit.twice > 0)
        return [first]
            + board.ledger.findings.prefix(3).enumerated().map { index, finding in
                line(index == 0 ? "payment" : "", sentence(finding), isLoss: true, isWorst: index == 0)
            }
            + (board.ledger.findings.count > 3
                ? [line("", "\((board.ledger.findings.count - 3).grouped) more payments", isLoss: true)] : [])
    }

    private func sentence(_ finding: RemainsEvent.AuditedPayment) -> String {
        let subject = "order \(finding.order)" + (finding.request.map { " (request \($0))" } ?? "")
        let rows = counted(finding.rows, "row")
        let what =
            switch finding.cell {
            case .lost: "client: paid, ledger: \(rows): lost"
            case .twice: "ledger: \(rows): charged twice"
            case .denied: "client: refused, ledger: \(rows): denied"
            case .ambiguous, nil: "client: no answer, ledger: \(rows): in doubt"
            }
        return "\(subject)   \(what)\(keyNote(finding))"
    }

    private var leftEvidence: Verdict.Evidence? {
        guard board.process.isRunOver else { return nil }
        var parts = board.remains.files.map {
            $0.shortName
                + (!$0.isWriteAheadLog
                    ? ""
                    : board.remains.wereEnded
                        ? ": the database was in use until Drainboard ended what was left"
                        : ": the database was not closed")
        }
        parts += Remains.listed(board.remains.processes, "process ")
        if board.remains.processes.isEmpty { parts.append("no process") }
        if let port = board.remains.port { parts.append(port == .refused ? "port free" : "port \(port.rawValue)") }
        if let successor {
            return line("successor", "\(successor)   started after the signal, and serves on the same port")
        }
        let isLoss = !board.remains.isClean
        return line("left behind", parts.joined(separator: "; "), isLoss: isLoss, isWorst: isLoss)
    }

    private var logEvidence: Verdict.Evidence? {
        guard let lost = board.log.lost, lost > 0, !board.remains.wereEnded else { return nil }
        return line("log", "\(counted(lost, "line")) never reached the file", isLoss: true)
    }

    private var anomalyEvidence: Verdict.Evidence? {
        let missing = board.anomalies.missing.values.reduce(0, +)
        guard board.anomalies.total + missing > 0 else { return nil }
        let text = "\(counted(missing, "event")) missing, \(board.anomalies.total) that cannot have happened"
        return line("trace", text, isLoss: true)
    }
}
