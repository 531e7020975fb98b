internal import ShutdownTrace

/// What to learn from work that was lost, a process that was killed or left the signal to the kernel, and what stayed behind.
extension Judge {
    /// What was lost decides what has to be done about it.
    func dropped(_ failed: Set<RuleName>) -> Teaching {
        if case .secondSignal? = board.shutdown.forced?.cause {
            return Teaching(
                meaning: "A second signal asked for haste, so what was in flight was given up and named.",
                remedy: "That is what a second signal costs; the resources were still released in order.")
        }
        if board.shutdown.deadlinePassedAt != nil {
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
        board.isTraced && board.shutdown.endedAt != nil && board.shutdown.forced == nil && !board.requests.lost.isEmpty
            && board.requests.lost.allSatisfy { $0.cancelledAt == nil && $0.end?.fate == .cut }
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
                    + "the answers before that, so that clients begin nothing more on a connection that is about to go."
            )
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
        if failed.contains(.noPaymentInDoubt) { return inDoubt }
        return Teaching(
            meaning: meaning, remedy: "Keep what the handlers need open until the last request has ended.")
    }

    var killed: Teaching {
        if !board.isTraced, board.listener.closedAt == nil, (board.traffic.fatesAfterSignal[.answered] ?? 0) > 0 {
            return Teaching(
                meaning: "The shutdown began, but it kept accepting, and so there was always something left to do "
                    + "until the grace period was over.",
                remedy: "Close the listener first, and then wait for what is in flight, under a limit.")
        }
        if board.shutdown.graceExpiredAt != nil {
            return Teaching(
                meaning: "The grace period ended before the shutdown did, and SIGKILL cannot be caught.",
                remedy: "Make the server's own limits fit inside the grace period, with a margin.")
        }
        if board.process.exit?.status.isByKill == false {
            return Teaching(
                meaning: "The shutdown had begun, and a second signal met the kernel's default action: the process "
                    + "died in the middle of it.",
                remedy: "Let the second signal hasten the shutdown, in order, instead of cutting it off.")
        }
        return Teaching(
            meaning: "SIGKILL cannot be caught: the process had no chance to finish, and nothing was cleaned up.",
            remedy: "A supervisor sends it when the grace period is over: leave before that.")
    }

    var unhandled: Teaching {
        if board.neverServed {
            return Teaching(
                meaning: "The signal came while the server was still starting, before its handlers stood, so the "
                    + "kernel's default action ended the process. It had served nobody yet, so nothing was lost.",
                remedy: "Install the handlers before anything slow begins.")
        }
        if diedWithWork, board.signals.prediction(for: board.stopSignal?.signal ?? .terminate) == .caught {
            return Teaching(
                meaning: "A handler ran, and the process died of the signal all the same, in the middle of its work: a "
                    + "runtime's own handler, as Go has for every signal, or one that raises the signal again.",
                remedy: "Drain in it, and then leave.")
        }
        if ![.terminate, .interrupt].contains(board.stopSignal?.signal) {
            return Teaching(
                meaning:
                    "\(board.stopSignal?.signal.name ?? "This signal") has no handler here, so the kernel's default "
                    + "action ended the process in the middle of its work.",
                remedy: "Send the signal that this program handles, or handle this one too.")
        }
        return Teaching(
            meaning: "No handler was installed, so the kernel's default action ended the process in the middle of its "
                + "work.",
            remedy: "Catch SIGTERM and SIGINT, and treat them alike.")
    }

    var orphans: Teaching {
        if isWrapperGone {
            return Teaching(
                meaning: "The process that got the signal only stood in front of the server, and did not pass it on: "
                    + "the server is still there and holds the port.",
                remedy: "Start it with exec, or let the wrapper forward signals and wait.")
        }
        if !board.process.isGone {
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
    var isByKill: Bool { if case .signaled(.kill, _) = self { true } else { false } }
}
