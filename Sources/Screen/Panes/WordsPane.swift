internal import ShutdownBoard
internal import ShutdownTrace

/// The dashboard in words, for a screen that has no room for panes.
struct WordsPane {
    let scene: Scene

    private var board: Board { scene.board }

    /// The phase, the limit that runs, and the server.
    func drawHeading(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let word = board.gate.isHeld ? "HELD" : board.phaseWord
        var column = canvas.put(word, rect.row, rect.column + 1, scene.phaseStyle, width: rect.columns - 1)
        if let exit = board.process.exit, let signal = scene.signal {
            column = canvas.put(" after \((exit.at - signal.at).words)", rect.row, column, width: rect.right - column)
        } else if let limit = scene.countdowns.first {
            let style = limit.isAtRisk ? Style(.risk, .bold) : Style.plain
            let numbers = " \(limit.used.tenths)" + (limit.allowed.map { "/\($0.bareSeconds)" } ?? "")
            let long = numbers + (limit.isAtRisk ? " s AT RISK" : " s")
            let text = column + canvas.columns(long) <= rect.right ? long : numbers + (limit.isAtRisk ? " RISK" : "")
            column = canvas.put(text, rect.row, column, style, width: rect.right - column)
        }
        if let past = scene.pastTexts.dropLast().last {
            column = canvas.put(
                past, rect.row, column + 1, Style(.normal, [.bold, .reverse]), width: rect.right - column - 1)
        }
        let name = [printable(scene.title, width: 20), board.process.pid.map(String.init)].compactMap { $0 }.joined(
            separator: " ")
        if rect.right - column > canvas.columns(name) + 2 { canvas.put(name, rect.row, column + 2, Style(.faint)) }
    }

    /// What the server waits for, in the longest form that fits.
    func drawWaiting(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0 else { return }
        let text = canvas.fitting(texts, rect.columns - 2)
        canvas.put(text, rect.row, rect.column + 1, scene.isAtRisk ? Style(.risk) : .plain, width: rect.columns - 1)
    }

    private var texts: [String] {
        if let verdict = scene.verdict {
            return board.neverServed && board.stopSignal == nil
                ? ["died at start, \(board.process.exit?.status.words ?? "")", "died at start"]
                : [verdict.word.rawValue]
        }
        if scene.phase == .gone, !board.isReplacing {
            let status = board.process.exit?.status.words ?? "gone"
            return ["\(status), still looking at what it left", "\(status), still looking", "still looking"]
        }
        let count = (scene.signal == nil ? board.requests.inFlight.count : board.waitedForCount).grouped
        guard let waiting = scene.explainer.waiting else {
            guard scene.canAsk else { return ["\(count) in flight"] }
            return [
                "\(count) in flight, \(board.traffic.rate(at: scene.now).grouped)/s, \(scene.firstKey.brief)",
                "\(count) in flight, \(scene.firstKey.brief)", "\(count) in flight",
            ]
        }
        guard let oldest = board.requests.oldest(1).first, scene.phase == .draining else {
            let lasted = waiting.lasted.map { ", \(Countdown.steady($0))" } ?? ""
            return ["waiting for \(waiting.what)\(lasted)", "\(waiting.what)\(lasted)", waiting.what]
        }
        let age = Countdown.steady(oldest.age(at: scene.now))
        return ["\(count) in flight, oldest \(age)", "\(count) in flight, \(age)", "\(count) in flight"]
    }

    func drawLanes(_ canvas: inout Canvas, _ rect: Rect) {
        canvas.targets.add(.lanes, rect)
        let lanes = LaneRows(scene, rows: rect.rows)
        let isWide = rect.columns >= 40
        for (index, lane) in lanes.lanes.enumerated() {
            let look = LaneLook(lane, scene)
            let row = rect.row + index
            let mark = canvas.put("\(look.mark) ", row, rect.column + 1, look.style)
            canvas.targets.add(.lane(lane.id), Rect(row: row, column: rect.column, rows: 1, columns: rect.columns))
            let age = lane.age(at: board.process.exit?.at ?? scene.now)
            let isQuiet = look.isPlain
            let text =
                (isQuiet || !isWide ? "" : "\(look.shortWord) ") + (lane.end == nil ? Countdown.steady(age) : age.words)
            let end = min(rect.right - 1, rect.column + 60)
            let start = end - canvas.columns(text)
            let label = scene.view.chosenLane == lane.id ? Style(.normal, [.bold, .reverse]) : .plain
            canvas.put(lane.label, row, mark, label, width: max(0, start - mark - 1))
            canvas.put(text, row, start, look.style, width: end - start)
        }
    }

    /// The progress of the release, in one line.
    func drawRelease(_ canvas: inout Canvas, _ rect: Rect) {
        guard rect.rows > 0, !board.resources.stack.isEmpty else { return }
        let resources = board.resources
        var text = "released \(resources.releasedCount) of \(resources.stack.count)"
        if let now = resources.stack.last(where: \.state.isReleasing) {
            text += scene.isOver ? ", \(now.name) never done" : ", at \(now.name)"
        } else if scene.isOver, resources.releasedCount < resources.stack.count {
            text += ", the rest never began"
        }
        canvas.put(text, rect.row, rect.column + 1, width: rect.columns - 1)
    }
}
