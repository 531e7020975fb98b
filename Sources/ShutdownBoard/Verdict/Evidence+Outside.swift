internal import ShutdownTrace

/// What is seen of a server that tells nothing of itself: who got the signal, who still came, and what it waited for.
extension Judge {
    var outsideEvidence: [Verdict.Evidence] {
        guard !board.isTraced, board.stopSignal != nil else { return [] }
        return [
            signalEvidence, familyEvidence, speedEvidence, untriedEvidence, faultEvidence, newcomerEvidence,
            queueEvidence,
        ]
        .compactMap { $0 }
            + heldEvidence + [waitEvidence, wordsEvidence].compactMap { $0 }
    }

    /// The last lines of a server that died of a signal that nobody sent.
    private var wordsEvidence: Verdict.Evidence? {
        guard case .signaled(let cause, _)? = board.process.exit?.status, !board.process.printed.last.isEmpty,
            ownTrouble.isEmpty, !board.signals.sent.contains(where: { $0.signal == cause })
        else { return nil }
        return line("printed last", Self.quoted(board.process.printed.last))
    }

    /// The lines in which the server tells of trouble.
    var ownTrouble: [String] { board.process.printed.trouble }

    /// What the server itself says went wrong, whatever else was seen.
    var ownWordsEvidence: Verdict.Evidence? {
        ownTrouble.isEmpty ? nil : line("it says itself", Self.quoted(ownTrouble), isLoss: true)
    }

    private static func quoted(_ lines: [String]) -> String {
        lines.suffix(3).map { String($0.prefix(200)) }.joined(separator: " / ")
    }

    private var signalEvidence: Verdict.Evidence? {
        guard let signal = board.stopSignal else { return nil }
        let words =
            switch board.signals.prediction(for: signal.signal) {
            case .caught where diedWithWork:
                "caught, and it died of it all the same: a handler of its runtime, or one that raises it again"
            case .caught: "caught by the server's own handler"
            case .ignored: "ignored by the server"
            case .blocked: "blocked by the server"
            case .byDefault: "the server has no handler for it: the kernel acts"
            case .unknown: "nobody saw what the server does with it"
            }
        return line(signal.signal.name, words)
    }

    /// The other processes of the family, those that listen first, where one lived on or the grace period ran out.
    private var familyEvidence: Verdict.Evidence? {
        guard let signal = board.stopSignal, !board.remains.processes.isEmpty || board.shutdown.graceExpiredAt != nil
        else { return nil }
        let others = board.family.members.values.filter {
            $0.pid != board.process.pid && $0.end?.at ?? signal.at >= signal.at
        }
        .sorted { ($0.listens == true ? 0 : 1, $0.pid) < ($1.listens == true ? 0 : 1, $1.pid) }
        guard !others.isEmpty else { return nil }
        let texts = others.prefix(3).map { member in
            let left = board.remains.processes.contains { $0.pid == member.pid }
            let masks = board.family.masksAtSignal[member.pid] ?? member.masks
            let would = masks.prediction(for: signal.signal)
            let does = would == .caught ? "would catch it" : would == .ignored ? "ignores it" : "has no handler for it"
            return "\(member.pid) \(member.command.prefix(40)): \(does)"
                + (left ? ", and lived on" : member.end.map { ", \($0.words)" } ?? "")
                + (member.listens == nil ? "; whether it listens is hidden from this user" : "")
        }
        let more = others.count > 3 ? "; and \(others.count - 3) more" : ""
        return line("its processes", texts.joined(separator: "; ") + more)
    }

    private var speedEvidence: Verdict.Evidence? {
        guard isTooFast, board.requests.owed > 0 else { return nil }
        return line(
            "too fast",
            "all was answered before the server need have noticed the signal: give the URL of something slower")
    }

    private var untriedEvidence: Verdict.Evidence? {
        guard !board.requests.untried.isEmpty else { return nil }
        let texts = board.requests.untried.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.value.grouped) \($0.key.rawValue)"
        }
        return line("not counted", texts.joined(separator: ", ") + ": none had succeeded before the signal")
    }

    /// A later signal would have shown more: work was under way that had never ended well before this one.
    var longerBefore: String? {
        guard !board.isTraced, !board.isUnasked, let signal = board.stopSignal, signal.by == .check,
            let served = board.process.servedAt, signal.at - served < Self.settled
        else { return nil }
        let untried = board.requests.untried.keys.map(\.rawValue).sorted()
        let all = board.traffic.fates.total(of: \.isWhole)
        let before = all - wholeAtSignal - board.traffic.fatesAfterSignal.total(of: \.isWhole)
        let bodies = board.traffic.doubt != nil && before < 2 ? ["bodies"] : []
        let isIdleLate =
            !board.requests.proven.contains(.idle) && board.requests.settled.contains { $0.kind == .idle }
        let what = untried + (isIdleLate ? ["idle connections"] : []) + bodies
        guard !what.isEmpty else { return nil }
        return "A later signal (--after \(Self.longer)) would have shown more: \(what.joined(separator: ", "))."
    }

    /// Until then most work has succeeded once, and the time after the first answer that is proposed for it.
    private static let settled = Time.seconds(2.5), longer = 3

    /// What was wrong with answers that were whole, or that nobody can tell.
    private var faultEvidence: Verdict.Evidence? {
        guard board.traffic.faults.isEmpty else {
            let texts = board.traffic.faults.map { (words: $0.key.words, count: $0.value) }
                .sorted { ($0.count, $1.words) > ($1.count, $0.words) }.map { "\($0.count.grouped) with \($0.words)" }
            let isGuess = board.traffic.faults.keys.contains { $0.kind == .length }
            return line(
                "bad answers", texts.joined(separator: ", ") + (isGuess ? "; --expect TEXT makes it certain" : ""),
                isLoss: true)
        }
        return board.traffic.doubt.map {
            line("bodies", "not compared, \($0); --expect TEXT says which are right")
        }
    }

    private var newcomerEvidence: Verdict.Evidence? {
        let late = board.traffic.fatesAfterSignal
        guard !late.isEmpty else { return nil }
        return line("came after the signal", "\(late.values.reduce(0, +).grouped)   \(late.words)")
    }

    /// Connections that the kernel had completed and the server never accepted.
    private var queueEvidence: Verdict.Evidence? {
        let unheard = board.requests.fatesAtSignal.unheard + board.traffic.fatesAfterSignal.unheard
        guard board.family.queued > 0, unheard > 0 else { return nil }
        return line(
            "accept queue",
            "\(counted(board.family.queued, "connection")) when the listener closed: the kernel had let them in, the server never "
                + "took them, and the close reset them", isLoss: true)
    }

    /// Whether the requests in flight that were lost are those of which the server had not even taken the connection.
    var isQueueLost: Bool {
        let unheard = board.requests.fatesAtSignal.unheard
        return !board.isTraced && unheard > 0 && unheard <= board.family.queued
    }

    /// Connections to which the server owed nothing.
    private var heldEvidence: [Verdict.Evidence] {
        let names: [(ClientKind, String)] = [
            (.idle, "idle connections"), (.silent, "never used"), (.halfSent, "half-sent requests"),
        ]
        return names.compactMap { kind, name in
            guard let held = board.listener.held[kind], let signal = board.stopSignal else { return nil }
            let words: [(ConnectionEnd, String)] = [
                (.fin, "closed"), (.reset, "reset"), (.open, "open until the exit"), (.client, "open until the exit"),
            ]
            let parts = words.compactMap { key, word in held.endings[key].map { "\($0.grouped) \(word)" } }
            let last = held.lastAt.map { ", the last \(max(.zero, $0 - signal.at).words) after the signal" } ?? ""
            return line(name, parts.joined(separator: ", ") + last + (kind == .halfSent ? cost(of: held) : ""))
        }
    }

    /// What connections on which nothing more will come have cost, beyond what the last answer took.
    private func cost(of held: Listener.Held) -> String {
        guard let signal = board.stopSignal, let exit = board.process.exit else { return "" }
        let isOpen = held.endings[.open, default: 0] + held.endings[.client, default: 0] > 0
        let end = isOpen ? exit.at : held.lastAt ?? signal.at
        let time = max(.zero, end - (lastAnswerAt ?? signal.at))
        return time < .milliseconds(100) ? ": they cost no time" : ": it stayed \(time.words) beyond the last answer"
    }

    /// What the server still held when it had nothing left to do.
    private var waitEvidence: Verdict.Evidence? {
        guard let exit = board.process.exit, let idle = Numbers(self)[.idleWaitMs], idle > 1_000 else { return nil }
        let atExit = Explainer(board, at: exit.at)
        var others = atExit.sightings { !$0.cause.isThread && $0.cause != .files }
        if others.isEmpty { others = lastGone(before: exit.at) }
        let threads = atExit.sightings(where: \.cause.isThread)
        // What it held is not all that it may have waited for: a thread that sleeps needs no connection.
        let held = others.prefix(3).map { $0.isSentence ? $0.cause : "\($0.subject) (\($0.cause))" }
        let parts = [held.joined(separator: ", "), threads.first?.cause ?? ""].filter { !$0.isEmpty }
        let cause = parts.isEmpty ? "nothing that could be seen" : parts.joined(separator: "; ")
        return line("idle wait", "\(Time(microseconds: Int64(idle * 1_000)).words)   still had: \(cause)")
    }

    /// What had held the server up and ended so shortly before the exit that it may have been the reason.
    private func lastGone(before exit: Time) -> [Blocker] {
        board.family.gone.filter { exit - $0.at < .seconds(0.5) }.map { Blocker($0.sighting, at: $0.at) }
    }
}

extension Traffic.Fault {
    /// The fault as a short phrase.
    fileprivate var words: String {
        switch sign {
        case .told(let text): text
        case .status(let status): "status \(status)"
        }
    }
}
