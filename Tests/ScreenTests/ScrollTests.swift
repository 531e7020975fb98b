import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

/// Texts that are longer than the screen: all of them can be read, and a sign says what is hidden.
@Suite(.timeLimit(.minutes(20))) struct `A long text` {
    static let sizes = [
        Size(columns: 80, rows: 24), Size(columns: 60, rows: 15), Size(columns: 40, rows: 10),
        Size(columns: 120, rows: 36), Size(columns: 200, rows: 60),
    ]
    static let judged = Moment.all.filter { ["killed", "charged-twice", "graceful", "outside-gone"].contains($0.name) }

    @Test(arguments: sizes) func `of a verdict is read to its end with one key`(size: Size) throws {
        for moment in Self.judged {
            let text = Self.read(moment, size)
            let verdict = Judge(moment.board).verdict
            #expect(text.holds(verdict.headline), "\(moment.name)")
            for evidence in verdict.evidence { #expect(text.holds(evidence.text), "\(moment.name): \(evidence.text)") }
            for rule in verdict.rules where rule.held == false {
                #expect(text.holds(rule.name.sentence), "\(moment.name): \(rule.name.sentence)")
                #expect(text.holds(rule.evidence), "\(moment.name): \(rule.evidence)")
            }
            #expect(!text.contains("…"))
        }
    }

    @Test func `of a verdict says what is below and above, and its ends`() {
        let size = Size(columns: 80, rows: 24)
        var reader = Reader(.killed, size)
        let first = reader.lines
        let below = reader.hidden("more lines below")
        #expect(below ?? 0 > 5)
        reader.press(.down)
        #expect(reader.hidden("more below") == below.map { $0 - 1 } && reader.hidden("line above") == 1)
        reader.press(.end)
        #expect(reader.hidden("lines above") == below && reader.hidden("below") == nil)
        reader.press(.pageUp)
        reader.press(.home)
        #expect(reader.lines == first)
    }

    @Test func `that fits has no sign, and its keys move on the timeline`() {
        var reader = Reader(Moment.all.first { $0.name == "replay-end" } ?? .killed, Size(columns: 200, rows: 60))
        #expect(!reader.lines.joined().contains("below"))
        #expect(reader.press(.home) == .move(.start))
    }

    @Test(arguments: [View.Overlay.help(scroll: 0), .payments(scroll: 0), .explanation(scroll: 0)])
    func `over the dashboard says what is hidden until its end`(overlay: View.Overlay) {
        let moment = Moment.all.first { $0.name == "charged-twice" } ?? .killed
        for size in [Size(columns: 40, rows: 12), Size(columns: 60, rows: 15)] {
            var reader = Reader(moment, size)
            reader.view.showsBoardAfterExit = true
            reader.view.overlay = overlay
            reader.press(.home)
            let hidden = reader.frames.contains("↓")
            reader.press(.end)
            let above = reader.frames.contains("↑")
            #expect(hidden == above, "\(overlay) \(size)")
        }
    }

    @Test func `of an explanation lets the keys of the server through`() {
        let board = Board.serving
        for (key, effect) in [(Key.character("t"), Effect.send(.terminate)), (.control("c"), .send(.interrupt))] {
            var view = View()
            _ = view.press(.character("e"), on: board, now: .zero)
            #expect(view.press(key, on: board, now: .zero) == effect)
        }
        var view = View()
        _ = view.press(.character("e"), on: board, now: .zero)
        #expect(view.press(.character("q"), on: board, now: .zero) == nil && view.overlay == nil)
    }

    @Test func `of lanes on a small screen keeps the signal's line`() {
        let lines = Moment.draining.frame(Size(columns: 60, rows: 15)).lines
        #expect(lines.count { $0.contains("┃") } >= 2)
        #expect(lines.contains { $0.contains("┃ SIGTERM") })
    }

    /// The whole text of a verdict, from its first line to its last.
    private static func read(_ moment: Moment, _ size: Size) -> String {
        var reader = Reader(moment, size)
        var text = reader.text
        for _ in 0..<400 {
            let before = reader.view.verdictTop
            reader.press(.down)
            guard reader.view.verdictTop > before else { break }
            text.append(reader.text.last ?? "")
        }
        return text.joined(separator: " ")
    }
}

/// A person who reads a screen.
private struct Reader {
    let moment: Moment
    let size: Size
    var view: View

    init(_ moment: Moment, _ size: Size) {
        self.moment = moment
        self.size = size
        view = moment.view
    }

    var lines: [String] {
        Painter.frame(board: moment.board, view: view, now: moment.now, size: size).lines
    }

    /// The lines without the footer.
    var frames: String { lines.dropLast().joined() }

    /// The lines of the verdict without its frame and without its sign.
    var text: [String] {
        let lines = lines
        let isFramed = lines.contains { $0.hasPrefix("╭") }
        if isFramed { return lines.filter { $0.hasPrefix("│") }.map { $0.trimmed("│") } }
        let last = lines.firstIndex { $0.contains("↓") || $0.contains("↑") } ?? lines.count - 1
        return Array(lines[1..<last])
    }

    @discardableResult
    mutating func press(_ key: Key) -> Effect? { view.press(key, on: moment.board, now: moment.now, size: size) }

    /// The number before these words.
    func hidden(_ words: String) -> Int? {
        lines.lazy.compactMap { line in
            line.firstRange(of: " \(words)").flatMap { range in
                Int(String(line[..<range.lowerBound].reversed().prefix(while: \.isNumber).reversed()))
            }
        }.first
    }
}

extension String {
    fileprivate func trimmed(_ frame: Character) -> String {
        String(drop { $0 == frame || $0 == " " }.reversed().drop { $0 == frame || $0 == " " }.reversed())
    }

    /// Whether it has these words one after the other, with other columns between them at most.
    fileprivate func holds(_ words: String) -> Bool {
        var rest = self[...]
        for word in words.split(separator: " ") {
            guard let range = rest.firstRange(of: word) else { return self.joinedUp.contains(words.joinedUp) }
            rest = rest[range.upperBound...]
        }
        return true
    }

    private var joinedUp: String { filter { $0 != " " } }
}
