internal import ShutdownBoard
internal import ShutdownTrace

/// Everything that is known of one request at the moment on the screen: what it was, each step with its time and its
/// witness, its fate, and its payment.
struct RequestOverlay {
    private let id: Int
    private let scene: Scene
    private let size: Size

    init(_ id: Int, _ scene: Scene, _ size: Size) {
        self.id = id
        self.scene = scene
        self.size = size
    }

    private struct Line {
        var label = ""
        var text = ""
        var style = Style.plain
    }

    private struct Step {
        var time: Time
        var source: String
        var text: String
        var style = Style.plain
    }

    private static let widest = 84

    func draw(_ canvas: inout Canvas, scroll: Int) {
        let lines = self.lines
        let (inner, shown) = OverlayPane.page(
            &canvas, size, title: title, rows: lines.count, columns: Self.widest, scroll: scroll)
        for (index, line) in lines[shown].enumerated() {
            canvas.put(line.label, inner.row + index, inner.column, Style(.faint), width: labelWidth)
            canvas.put(line.text, inner.row + index, inner.column + labelWidth, line.style)
        }
    }

    /// The scroll that shows its last page.
    var lastScroll: Int { Scrolling.last(lines.count, rows: OverlayPane.rows(size)) }

    private var lane: Lane? { scene.board.requests.known(id) }

    private var title: String { "request \(lane.map { printable($0.label, width: 60) } ?? String(id))" }

    private var columns: Int { max(1, min(Self.widest, size.columns - 4)) }
    private var labelWidth: Int { 14 }

    private var lines: [Line] {
        guard let lane else {
            return wrapped("", "Nothing is known of it at this moment: it has not begun, or ended too long ago.")
        }
        return facts(lane) + [Line()] + steps(lane) + [Line()] + outcome(lane) + payment(lane)
    }

    /// A paragraph behind its label.
    private func wrapped(_ label: String, _ text: String, _ style: Style = .plain) -> [Line] {
        Paragraph.lines(printable(text), width: max(1, columns - labelWidth), breakingWords: true).enumerated().map {
            index, line in
            Line(label: index == 0 ? label : "", text: line, style: style)
        }
    }

    private func facts(_ lane: Lane) -> [Line] {
        var what = "\(lane.method) \(lane.path)"
        if let expected = lane.expected { what += ", asked to take \(expected.words)" }
        let connection = lane.port.map { "from the client's port \($0)" } ?? "its port was not told"
        let instance = lane.instance.map { ", at instance \($0)" } ?? ""
        return wrapped("request", what) + (lane.kind.map { wrapped("client", $0.rawValue) } ?? [])
            + wrapped("connection", connection + instance)
            + wrapped("at the signal", atSignal(lane))
    }

    private func atSignal(_ lane: Lane) -> String {
        guard let signal = scene.signal else { return "no signal so far" }
        if lane.wasInFlightAtSignal { return "in flight since \((signal.at - lane.startedAt).words)" }
        return lane.startedAt > signal.at ? "begun after it" : "over before it"
    }

    private func steps(_ lane: Lane) -> [Line] {
        var steps = [Step(time: lane.startedAt, source: "client", text: "begins")]
        func add(_ time: Time?, _ source: String, _ text: String, _ style: Style = .plain) {
            if let time { steps.append(Step(time: time, source: source, text: text, style: style)) }
        }
        add(lane.sentAt, "client", "is on its connection")
        add(lane.takenAt, "server", "takes it")
        add(lane.chargedAt, "server", "commits the payment")
        add(lane.answeringAt, "client", "gets the head of the answer")
        add(lane.serverDoneAt, "server", "has handed over the last byte")
        add(lane.cancelledAt, "server", "gives it up\(lane.cancelCause.map { ": \($0)" } ?? "")", Style(.loss))
        for sent in scene.board.signals.sent where sent.asksToStop && sent.at >= lane.startedAt {
            guard sent.at <= lane.end?.at ?? scene.now else { continue }
            add(sent.at, "supervisor", "\(sent.signal.name) sent", Style(.signal, .bold))
        }
        if let end = lane.end { add(end.at, "client", ending(lane, end), style(end.fate)) }
        let sorted = steps.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return sorted.flatMap { _, step in
            wrapped(scene.clock(step.time), "\(step.source.padded(right: 11))\(step.text)", step.style)
        }
    }

    private func style(_ fate: Fate) -> Style { fate.isLoss || fate == .failed ? Style(.loss) : .plain }

    private func ending(_ lane: Lane, _ end: Lane.End) -> String {
        let told = lane.told
        let parts = [
            end.fate.words, end.fate.isWhole ? lane.status.map { "status \($0)" } : nil,
            told?.bytes.map { counted($0, "byte") }, told?.isClosing == true ? "Connection: close" : nil, told?.cause,
            told?.attempt.map { "attempt \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// How it ended and what that means, or how long it has lasted.
    private func outcome(_ lane: Lane) -> [Line] {
        guard let end = lane.end else {
            let age = Countdown.steady(lane.age(at: scene.latest))
            let isLate = scene.isAtRisk && scene.explainer.isAtRisk(lane)
            return wrapped("fate", "still in flight after \(age)\(isLate ? ", and likely cut by the limit" : "")")
        }
        return wrapped(
            "fate", "\(end.fate.words) after \(lane.age(at: scene.now).words): \(end.fate.meaning)", style(end.fate))
            + wrapped("the server", serversWord(lane))
    }

    private func serversWord(_ lane: Lane) -> String {
        if lane.cancelledAt != nil { return "says that it gave it up" }
        if lane.serverDoneAt != nil { return "says that it handed over the last byte" }
        if lane.takenAt != nil { return "says that it took it, and nothing of an end" }
        return "says nothing of it"
    }

    private func payment(_ lane: Lane) -> [Line] {
        guard let order = lane.order else { return [] }
        let charge = lane.chargedAt.map { "charged at \(scene.clock($0)) s" } ?? "no charge seen on this request"
        let others = scene.board.requests.carriers(of: order).filter { $0.id != lane.id }
        var lines = [Line()] + wrapped("payment", "order \(order): \(charge)")
        if !others.isEmpty {
            let tries = others.map { "\($0.id)\($0.end.map { " (\($0.fate.words))" } ?? "")" }.joined(separator: ", ")
            lines += wrapped("", "the same order also on request \(tries)")
        }
        if let finding = scene.board.ledger.findings.first(where: { $0.order == order }) {
            let words = finding.cell.map { ": \($0.words)" } ?? ""
            lines += wrapped(
                "", "client: \(finding.told.words), ledger: \(counted(finding.rows, "row"))\(words)", Style(.loss))
        }
        return lines
    }
}

extension Fate {
    /// What a client knows from it.
    fileprivate var meaning: String {
        switch self {
        case .answered: "the whole answer arrived"
        case .unmarked: "an answer without a length, which only the end of the connection ends"
        case .unavailable: "the server said that it takes no more work; it may be sent again"
        case .failed: "a whole answer that is of no use"
        case .refused: "nobody listened; it may be sent again"
        case .resetEarly: "the connection broke before the request was sent; it may be sent again"
        case .connectTimedOut: "the connection was neither accepted nor refused; it may be sent again"
        case .notTaken: "it stood behind an answer that closed the connection; it may be sent again"
        case .closedUnanswered: "the server closed the connection without a byte of answer"
        case .resetUnanswered: "the server reset the connection without a byte of answer"
        case .cut: "part of the answer arrived, then the connection ended"
        case .garbled: "what came is no answer of HTTP/1"
        case .timedOut: "its client waited no longer"
        case .brokenPipe: "the connection broke while the request was being sent"
        }
    }
}
