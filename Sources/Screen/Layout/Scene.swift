internal import ShutdownBoard
internal import ShutdownTrace

/// The input of one frame: the board, the person's choices and the moment, and values that several panes need.
struct Scene {
    let board: Board
    let view: View
    let now: Time
    /// What the server waits for and why, at that moment.
    let explainer: Explainer
    let glyphs: Glyphs
    let phase: Phase
    /// The first signal that asked the server to stop.
    let signal: SentSignal?
    let countdowns: [Countdown]
    /// The judgement, once the process is gone and everybody has looked at what it left.
    let verdict: Verdict?
    /// The orders on which client and ledger disagree.
    let badPayments: [Int: PaymentFlaw]

    init(_ board: Board, _ view: View, _ now: Time, _ capabilities: Capabilities) {
        self.board = board
        self.view = view
        self.now = max(now, board.time)
        glyphs = Glyphs(isUTF8: capabilities.isUTF8)
        phase = board.phase
        signal = board.stopSignal
        explainer = Explainer(board, at: self.now)
        countdowns = explainer.countdowns
        verdict = board.isJudged(in: view) ? Judge(board).verdict : nil
        let findings = board.ledger.findings.prefix(512).compactMap { finding in
            finding.cell.map { (finding.order, $0) }
        }
        badPayments = Dictionary(findings) { first, _ in first }
    }

    /// Whether this request carried a payment on which client and ledger disagree.
    ///
    /// Of the requests of such an order only those with a charge or an answer count.
    func isBad(_ lane: Lane) -> Bool {
        guard let end = lane.end, let meaning = badPayments[lane.order ?? -1] else { return false }
        if meaning == .lost { return end.fate == .answered }
        guard board.isTraced else { return !end.fate.isUnsent }
        return lane.chargedAt != nil
    }

    /// The parts of the dashboard that only some runs have.
    var content: DashboardLayout.Content { view.content(board) }

    /// The server's name, and for a lesson which version of it runs.
    var title: String {
        guard let playing = view.playing else { return board.title }
        let parts = [playing.lesson.name, playing.isMended ? "mended" : nil, playing.isDeploy ? "deploy" : nil]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// Whether the verdict takes the place of the panes; not yet while clients go on with a replacement.
    var showsVerdict: Bool { verdict != nil && !view.showsBoardAfterExit && !board.isReplacing }

    /// The last moment of the lanes: the present, or the exit of the server, or the end of a deploy.
    var latest: Time {
        if let deploy = board.deploy { return deploy.endedAt ?? now }
        return isOver ? board.process.exit?.at ?? now : now
    }

    /// Whether all of the server is gone: no process of it goes on.
    var isOver: Bool { phase == .gone && board.survivors.isEmpty }

    var isAtRisk: Bool { countdowns.contains(where: \.isAtRisk) }

    /// The ink of the phase's word.
    var phaseStyle: Style {
        switch phase {
        case .starting, .serving: Style(.normal, .bold)
        case .gone where board.isReplacing: Style(.normal, .bold)
        case .gone: Style(verdict.map { $0.word.isGraceful ? .good : .loss } ?? .normal, .bold)
        case .signalled, .lead, .draining, .releasing, .exiting: Style(isAtRisk ? .risk : .signal, .bold)
        }
    }

    /// Whether there is a server that a key would politely ask to stop.
    ///
    /// A server that was asked already would be forced, wherever on its run the screen stands.
    var canAsk: Bool {
        if view.isPart { return false }
        guard let transport = view.transport else { return true }
        return transport.server.map { $0.isAlive && $0.stopSignals.isEmpty } ?? false
    }

    /// What to press while nobody has asked the server to stop.
    var firstKey: FirstKey { FirstKey(signal: view.playing?.lesson.signal ?? .terminate) }

    /// Whether a polite signal first starts the second instance of a deploy.
    var awaitsDeploy: Bool {
        view.playing?.isDeploy == true && view.transport?.server?.isDeployed != true && board.deploy == nil
    }

    /// Texts that say that the picture shows the past of a run that goes on, the longest first; none for the present.
    var pastTexts: [String] {
        if view.isFrozen {
            return [" FROZEN, the server is not: space goes on ", " FROZEN: space goes on ", " FROZEN ", "FROZEN"]
        }
        guard let transport = view.transport, transport.isLookingBack else {
            guard view.asksToHold, !board.gate.isHeld, phase != .gone else { return [] }
            return [" WILL HOLD AT THE NEXT STEP: g goes on ", " WILL HOLD AT THE NEXT STEP ", " WILL HOLD ", "HOLD"]
        }
        let back = "LOOKING BACK \(max(.zero, transport.end - transport.position).tenths) s"
        let goesOn = transport.server?.isAlive == true ? ", the server goes on" : ""
        let way = transport.isOver ? "End is the end" : "End is live"
        return [" \(back)\(goesOn): \(way) ", " \(back): \(way) ", " \(back) ", " BACK: \(way) ", " BACK ", "BACK"]
    }

    /// Requests that are not expected to be done before a limit, as far as the oldest tell.
    var lateCount: Int {
        guard isAtRisk else { return 0 }
        return board.requests.oldest(512).count { explainer.isAtRisk($0) }
    }

    /// A moment in seconds: since the signal, or since the start of the run.
    func clock(_ time: Time) -> String {
        signal.map { (time - $0.at).decimals(3, isSigned: true) } ?? time.decimals(3)
    }
}

extension View {
    func content(_ board: Board) -> DashboardLayout.Content {
        var content: DashboardLayout.Content = []
        if showsTimeline { content.insert(.timeline) }
        if sliderCount > 0 { content.insert(.sliders) }
        if playing?.isDeploy == true || board.deploy != nil { content.insert(.deploy) }
        if isOutside(board) { content.insert(.outside) }
        if isPart { content.insert(.part) }
        if board.tellsReleaseOnly, !board.ledger.hasPayments, !content.contains(.outside) { content.insert(.noLedger) }
        return content
    }

    /// Whether the server never tells of its resources, nor of payments.
    private func isOutside(_ board: Board) -> Bool {
        guard board.resources.stack.isEmpty || !board.isTraced, !board.ledger.hasPayments, playing == nil else {
            return false
        }
        // In the first milliseconds of a recorded lesson nothing is known of the server.
        return transport?.server != nil || !board.isTraced && board.phase != .starting
    }
}
