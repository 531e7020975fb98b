internal import ShutdownTrace

/// What to learn from a run: what it means, and what to do where something is to be done.
struct Teaching {
    var meaning: String
    var remedy = ""
}

extension Verdict {
    /// Two sentences that a student understands: what this means, and what to do.
    package var lesson: String { remedy.isEmpty ? meaning : "\(meaning) \(remedy)" }
}

extension Judge {
    /// The text under a verdict's word.
    func teaching(_ word: Verdict.Word, _ rules: [Verdict.Rule]) -> Teaching {
        switch word {
        case .graceful: graceful(Set(rules.filter { $0.held == true }.map(\.name)))
        case .slow:
            Teaching(
                meaning: "Nothing was lost, but the process stayed although there was nothing left to do: a "
                    + "supervisor with less patience would have killed it." + (newcomers.map { " \($0)" } ?? ""),
                remedy: "Look for idle connections, polling loops and fixed sleeps in the shutdown.")
        case .refusedWork: refusedWork
        case .dropped: dropped(Set(rules.filter { $0.held == false }.map(\.name)))
        case .duplicated: duplicated
        case .forceKilled: killed
        case .unhandled: unhandled
        case .ignored: ignored
        case .reloaded: reloaded
        case .crashed: crashed
        case .badExit: badExit
        case .orphans: orphans
        case .wrongOrder: wrongOrder
        case .inconclusive: inconclusive
        }
    }

    private var refusedWork: Teaching {
        if let gap, gap.turnedAway > metClosedDoor.values.reduce(0, +) { return teaching(gap) }
        return Teaching(
            meaning: "The door closed while the balancer still sent people to it.",
            remedy: "Fail the readiness check first, keep serving until the balancer has noticed, and only then close "
                + "the listener.")
    }

    private var ignored: Teaching {
        if board.process.diedFrozen {
            return Teaching(
                meaning:
                    "The process was stopped by \(board.process.stopSignalName), and a stopped process cannot act on a signal: it waited "
                    + "for SIGCONT until SIGKILL came.",
                remedy: "Send SIGCONT after SIGTERM, as systemd does.")
        }
        return Teaching(
            meaning: "The signal changed nothing: the server went on as if nobody had asked.",
            remedy: "Make sure that the signal reaches the server itself (a shell in front of it does not pass it "
                + "on) and that it is handled.")
    }

    private var reloaded: Teaching {
        let meaning = "The server took \(board.stopSignal?.signal.name ?? "the signal") for a wish to begin anew: "
        guard successor != nil else {
            return Teaching(
                meaning: meaning + "other processes serve now, and nothing ended.",
                remedy: "That is fair, but no supervisor stops it with this signal; send the one that it ends on.")
        }
        return Teaching(
            meaning: meaning + "it started its successor on the same port, finished its own work and left, and nobody "
                + "was lost. That is a good reload.",
            remedy: "A supervisor that knows only the first process must be told of the new one (systemd: PIDFile=, or "
                + "MAINPID= by notify).")
    }

    private var crashed: Teaching {
        if board.stopSignal != nil, board.requests.owed > 0, wholeAtSignal == board.requests.owed {
            return Teaching(
                meaning: "The process answered everybody who was in flight, and then crashed in its clean-up, of "
                    + "something that nobody sent it.",
                remedy: "Look at its last lines and its core: what the clean-up had still to write may be lost.")
        }
        return Teaching(
            meaning: "The process died of something that nobody sent it.",
            remedy: "Look at its last lines: a crash in the shutdown path is still a crash.")
    }

    private var badExit: Teaching {
        board.isImported
            ? Teaching(
                meaning: "It was asked to stop, and its exit status does not say success.",
                remedy: "What was left undone is not in the log: its last lines may say why.")
            : Teaching(
                meaning: "Everything was done, and then the exit status said that it was not.",
                remedy: "Supervisors believe the status: exit 0 after a clean shutdown.")
    }

    private var wrongOrder: Teaching {
        board.resources.disorders.isEmpty && board.ledger.misuses + board.ledger.lateTransactions == 0
            ? Teaching(
                meaning: "Something was never given back, or given back before it was done: see what failed above.",
                remedy: "Release everything that was acquired, the log last.")
            : Teaching(
                meaning: "Something was given back while something else still needed it.",
                remedy: "Release in the reverse order of acquisition: what came last goes first.")
    }

    private var inconclusive: Teaching {
        if board.isImported { return Teaching(meaning: importedLesson()) }
        if isEndedWithRun {
            return Teaching(
                meaning: "Drainboard ended the server with the run: how it would have left is not known.",
                remedy: "Let it leave, and stay until it has.")
        }
        if board.isUnasked {
            return Teaching(
                meaning: "No client of this run asked it anything, so nobody knows what became of requests.",
                remedy: "Give --url, and clients of this run ask it.")
        }
        if board.isOwnWord {
            return Teaching(
                meaning: "The trace has only the server's own word: nobody saw its clients, nor whether it exited.",
                remedy: "Start it under drainboard check or drainboard watch, which see both.")
        }
        if board.requests.owed > 0, isTooFast {
            return Teaching(
                meaning: "All that was in flight was answered before the server need have noticed the signal, so "
                    + "nothing was shown.",
                remedy: "Ask for a page that takes longer than the server needs to leave.")
        }
        return Teaching(
            meaning: "Nothing was in flight, so nothing was at stake and nothing was shown.",
            remedy: "Send the signal while requests are being served.")
    }
}
