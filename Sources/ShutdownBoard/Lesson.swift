internal import ShutdownTrace

/// What a verdict means and what to do about it, in words that need no manual.
extension Board {
    /// Two sentences under the verdict: what it means, and what to do.
    func lesson(_ word: Verdict.Word) -> String {
        switch word {
        case .graceful where resources.stack.isEmpty:
            "Everybody who was being served was served, and the process left by itself, soon and with nothing left behind. "
                + "This is what a deploy should look like from outside: nobody noticed."
        case .graceful:
            "Everybody who was being served was served, and everything was given back in the reverse of the order in "
                + "which it was taken. This is what a deploy should look like from outside: nobody noticed."
        case .slow:
            "Nothing was lost, but the process stayed although there was nothing left to do. Look for idle connections, "
                + "polling loops and fixed sleeps in the shutdown: a supervisor with less patience would have killed it."
        case .refusedWork:
            "The door closed while the balancer still sent people to it. Fail the readiness check first, keep serving "
                + "until the balancer has noticed, and only then close the listener."
        case .dropped where shutdown.forced?.cause.contains("second") == true:
            "A second signal asked for haste, so what was in flight was given up and named. That is what a second "
                + "signal costs; the resources were still released in order."
        case .dropped where shutdown.deadlinePassedAt != nil:
            "The drain's limit passed with work still in flight, and what was left was cut. Give the drain more time, "
                + "as long as it fits inside the grace period, or make the work shorter."
        case .dropped where isQueueLost:
            "Clients had connected and sent their requests, and the server had not taken them when it closed its listener: "
                + "it does less at a time than came. Take connections as they come, or leave the balancer first and take "
                + "what waits in the queue before closing."
        case .dropped:
            "Work that the server had accepted was lost, whatever its exit status says. Wait for the requests in flight "
                + "under a deadline, and answer those that cannot be finished."
        case .duplicated:
            "A payment was charged twice: the answer was lost after the charge, and the client tried again. An "
                + "idempotency key, unique in the same transaction as the charge, makes the second try harmless."
        case .forceKilled where shutdown.graceExpiredAt != nil:
            "The grace period ended before the shutdown did, and SIGKILL cannot be caught. Make the server's own limits "
                + "fit inside the grace period, with a margin."
        case .forceKilled where process.exit?.status.isByKill == false:
            "The shutdown had begun, and a second signal met the kernel's default action: the process died in the middle "
                + "of it. Let the second signal hasten the shutdown, in order, instead of cutting it off."
        case .forceKilled:
            "SIGKILL cannot be caught: the process had no chance to finish, and nothing was cleaned up. This is what a "
                + "deploy does whose grace period is too short."
        case .unhandled where diedWithWork && signals.prediction(for: stopSignal?.signal ?? .terminate) == .caught:
            "A handler ran, and the process died of the signal all the same, in the middle of its work: a runtime's own "
                + "handler, as Go has for every signal, or one that raises the signal again. Drain in it, and then leave."
        case .unhandled where ![.terminate, .interrupt].contains(stopSignal?.signal):
            "\(stopSignal?.signal.name ?? "This signal") has no handler here, so the kernel's default action ended the "
                + "process in the middle of its work. Send the signal that this program handles, or handle this one too."
        case .unhandled:
            "No handler was installed, so the kernel's default action ended the process in the middle of its work. "
                + "Catch SIGTERM and SIGINT, and treat them alike."
        case .ignored where process.diedFrozen:
            "The process was stopped by SIGSTOP, and a stopped process cannot act on a signal: it waited for SIGCONT "
                + "until SIGKILL came. Send SIGCONT after SIGTERM, as systemd does."
        case .ignored:
            "The signal changed nothing: the server went on as if nobody had asked. Make sure that the signal reaches "
                + "the server itself (a shell in front of it does not pass it on) and that it is handled."
        case .reloaded:
            "The server took \(stopSignal?.signal.name ?? "the signal") for a wish to begin anew: other processes serve now, "
                + "and nothing ended. That is fair, but no supervisor stops it with this signal; send the one that it ends on."
        case .crashed:
            "The process died of something that nobody sent it. Look at its last lines: a crash in the shutdown path is "
                + "still a crash."
        case .badExit where isImported:
            "It was asked to stop, and its exit status does not say success. What was left undone is not in the log: its "
                + "last lines may say why."
        case .badExit:
            "Everything was done, and then the exit status said that it was not. Supervisors believe the status: exit 0 "
                + "after a clean shutdown."
        case .orphans where isWrapperGone:
            "The process that got the signal only stood in front of the server, and did not pass it on: the server is "
                + "still there and holds the port. Start it with exec, or let the wrapper forward signals and wait."
        case .orphans where !process.isGone:
            "The shutdown began, and the process is still there at the end of the run. Look for a thread, a connection or a "
                + "timer that nobody stops, and give every step a limit."
        case .orphans:
            "The server is gone, but something that it started is not. Signal the children too, and wait for them."
        case .wrongOrder where resources.disorders.isEmpty && ledger.misuses + ledger.lateTransactions == 0:
            "Something was never given back, or given back before it was done: see what failed above. Release everything "
                + "that was acquired, the log last."
        case .wrongOrder:
            "Something was given back while something else still needed it. Release in the reverse order of "
                + "acquisition: what came last goes first."
        case .inconclusive where isImported: importedLesson()
        case .inconclusive where isUnasked:
            "No client of this run asked it anything, so nobody knows what became of requests. Give --url, and clients "
                + "of this run ask it."
        case .inconclusive:
            "Nothing was in flight, so nothing was at stake and nothing was shown. Send the signal while requests are "
                + "being served."
        }
    }
}

extension ExitStatus {
    fileprivate var isByKill: Bool { if case .signaled(.kill, _) = self { true } else { false } }
}
