internal import ShutdownBoard
internal import ShutdownTrace

/// The few facts that matter in letters that the last row of a room can read: the phase or the verdict, the time since the
/// signal, what is in flight and what was lost.
struct BigPane {
    let scene: Scene

    private var board: Board { scene.board }

    private struct Fact {
        /// The longest form first.
        var texts: [String]
        var style: Style
    }

    func draw(_ canvas: inout Canvas, _ rect: Rect) {
        let facts = self.facts
        let height = BlockLetters.height
        // As many facts as have room, the first ones first; a blank row stands between them where there is one.
        let shown = facts.prefix(max(0, rect.rows / height))
        let scale = max(1, min(4, (rect.rows + 1) / max(1, shown.count) / (height + 1)))
        let gap = rect.rows >= shown.count * height * scale + shown.count - 1 ? 1 : 0
        for (index, fact) in shown.enumerated() {
            let row = rect.row + index * (height * scale + gap)
            put(fact, &canvas, row, rect, scale)
        }
        guard shown.isEmpty else { return }
        let line = facts.map { $0.texts[0] }.joined(separator: "  ")
        canvas.put(line, rect.row, rect.column + 1, Style(.normal, .bold), width: rect.columns - 1)
    }

    /// In the largest letters in which one of its forms has room.
    private func put(_ fact: Fact, _ canvas: inout Canvas, _ row: Int, _ rect: Rect, _ largest: Int) {
        for scale in stride(from: largest, through: 1, by: -1) {
            for text in fact.texts where BlockLetters.columns(text, scale: scale) <= rect.columns {
                return BlockLetters.put(text, &canvas, row, rect.column, fact.style, scale: scale)
            }
        }
        let text = fact.texts.last ?? ""
        canvas.put(text, row + BlockLetters.height / 2, rect.column, fact.style, width: rect.columns)
    }

    private var facts: [Fact] {
        let lost = board.requests.lost.count
        let count = scene.signal == nil || board.isReplacing ? board.requests.inFlight.count : board.waitedForCount
        return [
            Fact(texts: forms(word), style: scene.phaseStyle), Fact(texts: clock, style: clockStyle),
            Fact(texts: ["\(count) in flight", "\(count) busy", "\(count)"], style: Style(.flight)),
            Fact(texts: ["\(lost) lost", "\(lost)"], style: lost > 0 ? Style(.loss) : .plain),
        ]
    }

    private var word: String {
        if scene.showsVerdict, let verdict = scene.verdict { return verdict.word.rawValue }
        return board.gate.isHeld ? "HELD" : board.phaseWord
    }

    /// The text, and the same without its first words.
    private func forms(_ text: String) -> [String] {
        let words = text.split { $0 == " " || $0 == "-" }
        return [text] + words.indices.dropFirst().map { words[$0...].joined(separator: " ") }
    }

    private var clock: [String] {
        guard let signal = scene.signal else { return ["no signal", "-"] }
        let time = max(.zero, scene.latest - signal.at).tenths
        guard let limit = scene.countdowns.first, let allowed = limit.allowed, !scene.isOver else {
            return ["\(time) s", time]
        }
        return ["\(limit.used.tenths) of \(allowed.bareSeconds) s", "\(limit.used.tenths) s", limit.used.tenths]
    }

    private var clockStyle: Style { Style(scene.isAtRisk && !scene.isOver ? .risk : .signal, .bold) }
}
