internal import ShutdownBoard
internal import ShutdownTrace

/// The first two lines: the server, its phase and how long it may last; what it waits for and what comes next.
struct HeadingPane {
    let scene: Scene

    private var board: Board { scene.board }

    /// Draws one or two lines.
    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let right = rightSide(rect.columns)
        let edge = rect.right - 1
        let start = max(rect.column, edge - canvas.columns(right.word + right.rest))
        let past = scene.pastTexts.last.map { canvas.columns($0) + 2 } ?? 0
        let left = leftSide(width: start - rect.column - 3 - past, canvas)
        if start - rect.column > 14 || left.isEmpty { drawLeft(&canvas, left, rect) }
        let end = canvas.put(right.word, rect.row, start, scene.phaseStyle, width: rect.right - start)
        canvas.put(right.rest, rect.row, end, .plain, width: rect.right - end)
        drawFrozen(&canvas, rect, left: left, end: start)
        if rect.rows > 1, !scene.showsVerdict {
            let line = canvas.fitting(waitingLines, rect.columns - 2)
            canvas.put(line, rect.row + 1, rect.column + 1, waitingStyle, width: rect.columns - 2)
        }
    }

    private func drawLeft(_ canvas: inout Canvas, _ text: String, _ rect: Rect) {
        canvas.put(text, rect.row, rect.column + 1, Style(.faint))
    }

    /// Says beside the phase that the picture shows the past of a run that goes on, and how to get back.
    private func drawFrozen(_ canvas: inout Canvas, _ rect: Rect, left: String, end: Int) {
        let texts = scene.pastTexts
        guard !texts.isEmpty else { return }
        let from = rect.column + 2 + (end - rect.column > 14 ? canvas.columns(left) : 0)
        let fitting = canvas.fitting(texts, end - from - 3)
        let start = max(rect.column, end - 2 - canvas.columns(fitting))
        canvas.put(fitting, rect.row, start, Style(.normal, [.bold, .reverse]), width: max(0, end - start))
    }

    private var waitingStyle: Style {
        if scene.phase == .gone { return .plain }
        return scene.isAtRisk ? Style(.risk) : .plain
    }

    /// The program and the server: parts that do not fit are dropped, the last one first.
    private func leftSide(width: Int, _ canvas: Canvas) -> String {
        let pid = board.process.pid ?? board.header?.pid
        let port = board.process.port ?? board.header?.port
        let title = printable(scene.title, width: 40)
        let long = [title, pid.map { "pid \($0)" }, port.map { "127.0.0.1:\($0)" }].compactMap { $0 }
        let short = [title, pid.map(String.init), port.map { ":\($0)" }].compactMap { $0 }
        let texts = [
            "drainboard  " + long.joined(separator: " · "), "drainboard  " + short.joined(separator: " · "),
            short.prefix(2).joined(separator: " · "), title,
        ]
        return texts.first { canvas.columns($0) <= width } ?? ""
    }

    /// The phase in one word and, where it is known, the latest moment at which the server is gone.
    private func rightSide(_ columns: Int) -> (word: String, rest: String) {
        let word = board.phaseWord
        if scene.board.isReplacing, let deploy = scene.board.deploy, let exit = board.process.exit {
            let next = if case .serving? = deploy[2]?.state { "INSTANCE 2 SERVES" } else { "INSTANCE 2 STARTS" }
            let after = scene.signal.map { "gone after \((exit.at - $0.at).words)" } ?? "gone"
            return (next, columns >= 100 ? "   instance 1 \(after)" : columns >= 60 ? "  1 \(after)" : "")
        }
        if scene.phase == .gone {
            guard columns >= 40, let exit = board.process.exit else { return (word, "") }
            guard let signal = scene.signal else { return (word, "   \(exit.at.words) after the start") }
            let after = (exit.at - signal.at).words
            return (word, columns >= 100 ? "   \(after) after the first signal" : "  after \(after)")
        }
        if board.gate.isHeld {
            return ("HELD", columns >= 40 ? "  before \(printable(board.gate.boundary, width: 32))" : "")
        }
        if board.process.frozenSince != nil, columns >= 40 {
            return ("STOPPED", "  by \(board.process.stopSignalName)")
        }
        guard let latest = scene.explainer.latestExit, columns >= 40 else { return (word, "") }
        let left = Countdown.steady(latest)
        return (word, columns >= 100 ? "   gone in at most \(left)" : "  \(scene.glyphs.isUTF8 ? "≤" : "max") \(left)")
    }

    /// The answer to "what are we waiting for?", the longest form first.
    private var waitingLines: [String] {
        guard let waiting = scene.explainer.waiting else { return scene.phase == .gone ? goneLines : servingLines }
        let what = "waiting for \(waiting.what)"
        let lasted = waiting.lasted.map { Countdown.steady($0) }
        var middle = what
        if let oldest = waiting.oldest {
            middle += ", oldest \(printable(oldest, width: 40))" + (lasted.map { " \($0)" } ?? "")
        } else if let lasted {
            middle += ", \(lasted) so far"
        }
        let likely =
            waiting.likely.map { $0 > .zero ? ", likely done in \(Countdown.steady($0))" : ", longer than expected" }
            ?? ""
        let next = waiting.next.isEmpty ? "" : " · then \(waiting.next.joined(separator: ", "))"
        let soon = waiting.next.first.map { " · then \($0)" } ?? ""
        let short = waiting.what + (lasted.map { ", oldest \($0)" } ?? "")
        return [
            middle + likely + next, middle + next, middle + soon, middle, what + (lasted.map { " \($0)" } ?? ""), short,
            waiting.what,
        ]
    }

    private var servingLines: [String] {
        let count = board.requests.inFlight.count
        let rate = "\(board.traffic.rate(at: scene.now).grouped)/s"
        let flight = "\(count.grouped) in flight"
        if board.isUnasked, scene.canAsk {
            let open = board.openConnections
            let what = open == 0 ? "nobody is connected" : counted(open, "connection")
            return ["running, \(what): press t to ask it to stop (SIGTERM) and watch", "running, \(what) · t stops it"]
        }
        guard scene.canAsk else { return ["serving \(rate), \(flight) · no signal so far", flight] }
        if scene.awaitsDeploy {
            return [
                "serving \(rate), \(flight) · press t to begin the deploy: instance 2 starts, then 1 gets SIGTERM",
                "serving \(rate), \(flight) · press t to begin the deploy", "\(flight) · t begins the deploy", flight,
            ]
        }
        let first = scene.firstKey
        let press = "press \(first.keys) to \(first.purpose)"
        return [
            "serving \(rate), \(flight) · no signal so far: \(press) (\(first.signal.name)) and watch",
            "serving \(rate), \(flight) · \(press)", "\(flight), \(rate) · \(first.brief)", flight,
        ]
    }

    /// The process is gone, and the verdict is not known yet.
    private var lookingLines: [String] {
        let status = board.process.exit?.status.words ?? "gone"
        if let other = board.survivors.first {
            let more = board.survivors.count > 1 ? " and \(board.survivors.count - 1) more" : ""
            let goes = "\(other.pid)\(more) \(more.isEmpty ? "goes" : "go") on"
            return ["\(status) · process \(goes): \(other.command)", "\(status) · process \(goes)", status]
        }
        return [
            "\(status) · still looking at what it left; the verdict comes then", "\(status) · still looking", status,
        ]
    }

    private var goneLines: [String] {
        guard let verdict = scene.verdict else { return lookingLines }
        let diedByItself = board.neverServed && board.stopSignal == nil
        let headline =
            diedByItself ? "died at start: \(board.process.exit?.status.words ?? "gone")" : verdict.headline
        let word = verdict.word.rawValue.lowercased()
        return diedByItself ? [headline] : ["\(word): \(headline)", headline, word]
    }
}

extension Countdown {
    /// Seconds with one decimal, so that a running number keeps its width and its unit.
    static func steady(_ time: Time) -> String {
        time.microseconds < 119_950_000 ? "\(time.tenths) s" : time.words
    }
}
