internal import ShutdownTrace

/// What a verdict means and what to do about it, in words that need no manual.
extension Verdict {
    /// Two sentences that a student understands: what this means, and what to do.
    public var lesson: String { remedy.isEmpty ? meaning : "\(meaning) \(remedy)" }
}

/// What to learn from a run: what it means, and what to do where something is to be done.
struct Teaching {
    var meaning: String
    var remedy = ""
}

extension Board {
    /// The text under a verdict's word.
    func teaching(_ word: Verdict.Word, _ rules: [Verdict.Rule]) -> Teaching {
        switch word {
        case .graceful where resources.stack.isEmpty:
            Teaching(
                meaning: "Everybody who was being served was served, and the process left by itself, soon and with "
                    + "nothing left behind. This is what a deploy should look like from outside: nobody noticed.")
        case .graceful:
            Teaching(
                meaning: "Everybody who was being served was served, and everything was given back in the reverse of "
                    + "the order "
                    + "in which it was taken. This is what a deploy should look like from outside: nobody noticed.")
        case .slow:
            Teaching(
                meaning: "Nothing was lost, but the process stayed although there was nothing left to do: a "
                    + "supervisor with less patience would have killed it.",
                remedy: "Look for idle connections, polling loops and fixed sleeps in the shutdown.")
        case .refusedWork:
            Teaching(
                meaning: "The door closed while the balancer still sent people to it.",
                remedy: "Fail the readiness check first, keep serving until the balancer has noticed, and only then "
                    + "close the listener.")
        case .dropped: dropped(Set(rules.filter { $0.held == false }.map(\.name)))
        case .duplicated:
            Teaching(
                meaning: "A payment was charged twice: the answer was lost after the charge, and the client tried "
                    + "again.",
                remedy: "An idempotency key, unique in the same transaction as the charge, makes the second try "
                    + "harmless.")
        case .forceKilled: killed
        case .unhandled: unhandled
        case .ignored where process.diedFrozen:
            Teaching(
                meaning: "The process was stopped by SIGSTOP, and a stopped process cannot act on a signal: it waited "
                    + "for SIGCONT until SIGKILL came.",
                remedy: "Send SIGCONT after SIGTERM, as systemd does.")
        case .ignored:
            Teaching(
                meaning: "The signal changed nothing: the server went on as if nobody had asked.",
                remedy: "Make sure that the signal reaches the server itself (a shell in front of it does not pass it "
                    + "on) and that it is handled.")
        case .reloaded where successor != nil:
            Teaching(
                meaning: "The server took \(stopSignal?.signal.name ?? "the signal") for a wish to begin anew: it "
                    + "started its successor on the same port, finished its own work and left, and nobody was lost. "
                    + "That is a good reload.",
                remedy: "A supervisor that knows only the first process must be told of the new one (systemd: "
                    + "PIDFile=, or MAINPID= by notify).")
        case .reloaded:
            Teaching(
                meaning: "The server took \(stopSignal?.signal.name ?? "the signal") for a wish to begin anew: other "
                    + "processes serve now, and nothing ended.",
                remedy: "That is fair, but no supervisor stops it with this signal; send the one that it ends on.")
        case .crashed where stopSignal != nil && requests.owed > 0 && wholeAtSignal == requests.owed:
            Teaching(
                meaning: "The process answered everybody who was in flight, and then crashed in its clean-up, of "
                    + "something that nobody sent it.",
                remedy: "Look at its last lines and its core: what the clean-up had still to write may be lost.")
        case .crashed:
            Teaching(
                meaning: "The process died of something that nobody sent it.",
                remedy: "Look at its last lines: a crash in the shutdown path is still a crash.")
        case .badExit where isImported:
            Teaching(
                meaning: "It was asked to stop, and its exit status does not say success.",
                remedy: "What was left undone is not in the log: its last lines may say why.")
        case .badExit:
            Teaching(
                meaning: "Everything was done, and then the exit status said that it was not.",
                remedy: "Supervisors believe the status: exit 0 after a clean shutdown.")
        case .orphans: orphans
        case .wrongOrder where resources.disorders.isEmpty && ledger.misuses + ledger.lateTransactions == 0:
            Teaching(
                meaning: "Something was never given back, or given back before it was done: see what failed above.",
                remedy: "Release everything that was acquired, the log last.")
        case .wrongOrder:
            Teaching(
                meaning: "Something was given back while something else still needed it.",
                remedy: "Release in the reverse order of acquisition: what came last goes first.")
        case .inconclusive where isImported: Teaching(meaning: importedLesson())
        case .inconclusive where isUnasked:
            Teaching(
                meaning: "No client of this run asked it anything, so nobody knows what became of requests.",
                remedy: "Give --url, and clients of this run ask it.")
        case .inconclusive where isOwnWord:
            Teaching(
                meaning: "The trace has only the server's own word: nobody saw its clients, nor whether it exited.",
                remedy: "Start it under drainboard check or drainboard watch, which see both.")
        case .inconclusive:
            Teaching(
                meaning: "Nothing was in flight, so nothing was at stake and nothing was shown.",
                remedy: "Send the signal while requests are being served.")
        }
    }

    /// What was lost decides what has to be done about it.
    private func dropped(_ failed: Set<RuleName>) -> Teaching {
        if shutdown.forced?.cause.contains("second") == true {
            return Teaching(
                meaning: "A second signal asked for haste, so what was in flight was given up and named.",
                remedy: "That is what a second signal costs; the resources were still released in order.")
        }
        if shutdown.deadlinePassedAt != nil {
            return Teaching(
                meaning: "The drain's limit passed with work still in flight, and what was left was cut.",
                remedy: "Give the drain more time, as long as it fits inside the grace period, or make the work "
                    + "shorter.")
        }
        if isQueueLost {
            return Teaching(
                meaning: "Clients had connected and sent their requests, and the server had not taken them when it "
                    + "closed its listener: it does less at a time than came.",
                remedy: "Take connections as they come, or leave the balancer first and take what waits in the queue "
                    + "before closing.")
        }
        if failed.contains(.noPaymentLost) {
            return Teaching(
                meaning: "Clients were told that they had paid, and the ledger knows nothing of it.",
                remedy: "Commit before you answer; what may be done later is written as a job in the same transaction.")
        }
        if isDestroyed {
            return Teaching(
                meaning: "The server had written whole answers, and its clients got only a part of them: a socket "
                    + "that is closed with unread input is reset, and what was on its way is thrown away.",
                remedy: "Close your own half first, read on, and close when the client has closed.")
        }
        return droppedFrom(failed)
    }

    /// Whether all that was cut in mid-answer was whole in the server's eyes.
    private var isDestroyed: Bool {
        isTraced && shutdown.endedAt != nil && shutdown.forced == nil && !requests.lost.isEmpty
            && requests.lost.allSatisfy { $0.cancelledAt == nil && $0.end?.fate == .cut }
    }

    private func droppedFrom(_ failed: Set<RuleName>) -> Teaching {
        let meaning = "Work that the server had accepted was lost, whatever its exit status says."
        if failed.contains(.inFlightAnswered) {
            return Teaching(
                meaning: meaning,
                remedy: "Wait for the requests in flight under a limit, and answer those that cannot be finished.")
        }
        if failed.contains(.lateAnswered) {
            return Teaching(
                meaning: "Requests that came after the signal were let in, and got no answer.",
                remedy: "Take what waits in the accept queue before the listener closes, and say Connection: close in "
                    + "the answers "
                    + "before that, so that clients begin nothing more on a connection that is about to go.")
        }
        if failed.contains(.jobsSettled) {
            return Teaching(
                meaning: "A background job was begun, and neither finished nor handed back: its work is lost.",
                remedy: "Let the workers finish their jobs or hand them back while all that they need is still there.")
        }
        if failed.contains(.webSocketsTold) {
            return Teaching(
                meaning: "The requests were answered, but WebSockets were cut without a Close frame.",
                remedy: "Send each 1001 (going away), and wait for the reply under a limit.")
        }
        if failed.contains(.noPaymentInDoubt) {
            return Teaching(
                meaning: "A payment was charged, and its client was not told so: trying again charges twice.",
                remedy: "Answer every request whose work is committed, and take an idempotency key, so that asking "
                    + "again is safe.")
        }
        return Teaching(
            meaning: meaning, remedy: "Keep what the handlers need open until the last request has ended.")
    }

    private var killed: Teaching {
        if !isTraced, listener.closedAt == nil, (traffic.fatesAfterSignal[.answered] ?? 0) > 0 {
            return Teaching(
                meaning: "The shutdown began, but it kept accepting, and so there was always something left to do "
                    + "until the grace period was over.",
                remedy: "Close the listener first, and then wait for what is in flight, under a limit.")
        }
        if shutdown.graceExpiredAt != nil {
            return Teaching(
                meaning: "The grace period ended before the shutdown did, and SIGKILL cannot be caught.",
                remedy: "Make the server's own limits fit inside the grace period, with a margin.")
        }
        if process.exit?.status.isByKill == false {
            return Teaching(
                meaning: "The shutdown had begun, and a second signal met the kernel's default action: the process "
                    + "died in the middle of it.",
                remedy: "Let the second signal hasten the shutdown, in order, instead of cutting it off.")
        }
        return Teaching(
            meaning: "SIGKILL cannot be caught: the process had no chance to finish, and nothing was cleaned up.",
            remedy: "This is what a deploy does whose grace period is too short.")
    }

    private var unhandled: Teaching {
        if neverServed {
            return Teaching(
                meaning: "The signal came while the server was still starting, before its handlers stood, so the "
                    + "kernel's default action ended the process. It had served nobody yet, so nothing was lost.",
                remedy: "Install the handlers before anything slow begins.")
        }
        if diedWithWork, signals.prediction(for: stopSignal?.signal ?? .terminate) == .caught {
            return Teaching(
                meaning: "A handler ran, and the process died of the signal all the same, in the middle of its work: a "
                    + "runtime's own handler, as Go has for every signal, or one that raises the signal again.",
                remedy: "Drain in it, and then leave.")
        }
        if ![.terminate, .interrupt].contains(stopSignal?.signal) {
            return Teaching(
                meaning: "\(stopSignal?.signal.name ?? "This signal") has no handler here, so the kernel's default "
                    + "action ended the process in the middle of its work.",
                remedy: "Send the signal that this program handles, or handle this one too.")
        }
        return Teaching(
            meaning: "No handler was installed, so the kernel's default action ended the process in the middle of its "
                + "work.",
            remedy: "Catch SIGTERM and SIGINT, and treat them alike.")
    }

    private var orphans: Teaching {
        if isWrapperGone {
            return Teaching(
                meaning: "The process that got the signal only stood in front of the server, and did not pass it on: "
                    + "the server is still there and holds the port.",
                remedy: "Start it with exec, or let the wrapper forward signals and wait.")
        }
        if !process.isGone {
            return Teaching(
                meaning: "The shutdown began, and the process is still there at the end of the run.",
                remedy: "Look for a thread, a connection or a timer that nobody stops, and give every step a limit.")
        }
        return Teaching(
            meaning: "The server is gone, but something that it started is not.",
            remedy: "Signal the children too, and wait for them.")
    }
}

extension ExitStatus {
    fileprivate var isByKill: Bool { if case .signaled(.kill, _) = self { true } else { false } }
}
