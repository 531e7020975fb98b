internal import ShutdownTrace

/// What is happening at a moment and why, in words that need no manual: true for this server at this moment, or not said.
extension Explainer {
    /// Two or three sentences on what is happening.
    ///
    /// - Parameter canAsk: Whether a key would ask the server to stop, so that the text may name it.
    /// - Returns: Sentences with blanks between them.
    package func explanation(canAsk: Bool = false) -> String {
        if let interruption = interruption { return interruption }
        if board.isReplacing { return replacementExplanation }
        return switch board.phase {
        case .starting: startExplanation
        case .serving: servingExplanation(canAsk)
        case .signalled: signalledExplanation
        case .lead: leadExplanation
        case .draining: turn ?? drainExplanation
        case .releasing(.workers), .releasing(.scheduler): workersExplanation
        case .releasing(let name): releaseExplanation(name)
        case .exiting: exitExplanation
        case .gone: board.isLooking ? lookExplanation : Judge(board).verdict.lesson
        }
    }

    private var lookExplanation: String {
        "The process is gone: \(board.process.exit?.status.words ?? ""). What it left is still being looked at: its port, its "
            + "processes, its files, and the answers that its clients may still get. The verdict comes after that."
    }

    private var replacementExplanation: String {
        "The first instance is gone, and its clients go on behind the second: what got no answer may be tried again. "
            + "When they are done, that one leaves too, the database file is read, and the verdict stands."
    }

    private var startExplanation: String {
        guard board.isTraced || !board.resources.stack.isEmpty else {
            return
                "The program was started, and nothing "
                + (board.isUnasked ? "of it listens yet. A signal" : "has answered on its port yet. A signal")
                + " that comes now may come before its handlers stand."
        }
        let first = "The server acquires its resources one after the other, the log first and readiness last; shutdown "
        return first + "will give them back in the reverse order. "
            + (board.shutdown.signalsArmedAt == nil
                ? "Its signal handlers do not stand yet: a SIGTERM now would end it on the spot."
                : "Its signal handlers stand already, so a SIGTERM that comes now is heard.")
    }

    private func servingExplanation(_ canAsk: Bool) -> String {
        let listens = board.process.port.map { " and listens on port \($0)" } ?? ""
        var text =
            board.isUnasked
            ? "The server runs\(listens); nobody of this run asks it. "
            : "The server answers" + (board.rotation.isIn ? ", and the balancer sends it new requests. " : ". ")
        switch board.signals.prediction(for: .terminate) {
        case .byDefault: text += "It has no handler for SIGTERM: the kernel would end it on the spot. "
        case .ignored: text += "It ignores SIGTERM, so nothing would come of one. "
        case .caught: text += "It catches SIGTERM, so its own code will decide how it leaves. "
        case .blocked: text += "It blocks SIGTERM, so one would wait until it is looked for. "
        case .unknown: break
        }
        if let waiting = deployWaiting {
            return text + "The deploy has begun and waits for \(waiting.what); only then does this one get its SIGTERM."
        }
        if canAsk { text += "Press t to send one, or s to see what it would do with any other signal." }
        return text.trimmed
    }

    private var signalledExplanation: String {
        if let pid = board.process.pid, let signal = board.stopSignal?.signal,
            board.family.members[pid]?.pending.contains(signal) == true
        {
            return
                "The signal waits in the kernel, and the process has not taken it: it blocks the signal, or is too "
                + "busy to look. Nothing of the shutdown has begun."
        }
        return
            "The signal was sent, and nothing shows yet that it arrived. A process that is busy, blocks the signal or "
            + "ignores it looks exactly like this."
    }

    private var leadExplanation: String {
        guard board.rotation.isIn else {
            return
                "Readiness is down and the balancer sends nobody new, but the door stays open until the lead is over: "
                + "whoever is already on the way still gets in. Then the listener closes."
        }
        return
            "Readiness is down, but everybody is still served: the balancer needs a few failed probes before it sends "
            + "new requests elsewhere. Closing the door now would turn people away."
    }

    private var drainExplanation: String {
        let count = board.waitedForCount
        if count == 0 {
            if board.openConnections > 0 {
                return
                    "\(counted(board.openConnections, "connection")) of others still open. The kernel shows that they are "
                    + "there, not what they are for: a server that waits for them waits until its clients leave, or for "
                    + "a limit of its own."
            }
            let open = board.websockets.open.count
            guard open > 0 else {
                return "Every request is answered, and the connections that are left are being closed."
            }
            return "Every request is answered, and \(are(open, "WebSocket")) still open. A WebSocket never ends by "
                + "itself: the server has to send a Close frame, and somebody has to limit how long it waits for the "
                + "reply."
        }
        let door = board.rotation.isIn ? ", though the balancer still sends requests here" : ""
        if board.listener.closedAt != nil {
            return
                "The listener is closed, so nobody new comes in\(door), and those who are inside may finish. This is "
                + "connection draining; "
                + (board.budgets == nil
                    ? "no limit of the server for it is known."
                    : "the countdown shows the limit that the server has for it.")
        }
        guard board.isTraced else {
            return "\(are(count, "request")) not answered yet that came in before. The server tells nothing of "
                + "itself, so its shutdown is seen from outside: its sockets, its processes, and what its clients get."
        }
        return "The server finishes what is in flight\(door); its door is still open."
    }

    private var workersExplanation: String {
        let left = board.waitedForCount
        let first = left == 0 ? "No request is left, so the" : "\(are(left, "request")) still in flight, and the"
        guard board.resources[.ledger]?.isBeyondUse != true else {
            return
                "\(first) background jobs are waited for. But the ledger is closed already: whatever they still have "
                + "to write to it fails."
        }
        return "\(first) background jobs may finish; those that do not make it go back to the queue. The ledger has to "
            + "stay open until then, because the jobs write to it."
    }

    private func releaseExplanation(_ name: ResourceName) -> String {
        let held = board.resources.stack.drop { $0.name != name }.dropFirst().last { $0.state.isHeld }?.name
        if name == .ledger, !board.jobs.running.isEmpty {
            return
                "The database is being closed while \(counted(board.jobs.running.count, "job")) still \(board.jobs.running.count == 1 ? "runs" : "run"): what has to be "
                + "written from now on is lost. A resource goes after everything that needs it, never before."
        }
        if let held {
            return "The server gives back its \(name), although \(held), acquired after it, is still in use. Whatever "
                + "that needs the \(name) for from now on fails: release in the reverse order of acquisition."
        }
        switch name {
        case .ledger:
            return "Nobody uses the database any more, so its write-ahead log is moved into the file and it is closed. "
                + "A database that is closed before its users are done loses their work."
        case .log:
            return "The log goes last, because every step before it has something to say. Lines that are still in "
                + "memory are written now; SIGKILL would lose them."
        default:
            return "The server gives back its \(name). What was acquired last goes first, so that nothing is taken "
                + "away from somebody who still needs it."
        }
    }

    private var exitExplanation: String {
        let left = board.resources.stack.filter { !$0.state.isReleased }.map(\.name.rawValue)
        guard board.isTraced else {
            let seen = blockers(limit: 1).first.map { "What can be seen: \($0.subject), \($0.cause)." }
            return "No client waits for anything any more, and the process is still there. "
                + (seen ?? "Something still runs or sleeps in it: a thread, a timer, an idle connection.")
        }
        guard left.isEmpty else {
            return "The server says that its shutdown is over, but \(left.joined(separator: ", ")) "
                + "\(left.count == 1 ? "was" : "were") never given back. The kernel will take them, and nothing in them is saved."
        }
        return
            "Everything is given back, and only the exit itself is left. If that takes long, something still runs that "
            + "nobody waits for."
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
