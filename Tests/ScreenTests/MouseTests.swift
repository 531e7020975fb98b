import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

/// Clicks and the wheel on painted pictures.
@Suite(.timeLimit(.minutes(20))) struct `The mouse` {
    static let size = Size(columns: 80, rows: 24)

    @Test func `chooses a lane, and opens the chosen one`() {
        var hand = Hand(.draining)
        hand.click("822 GET /report")
        #expect(hand.view.chosenLane == 822 && hand.view.focus == .lanes && hand.view.overlay == nil)
        hand.click("822 GET /report")
        #expect(hand.view.overlay == .request(id: 822, scroll: 0))
        #expect(hand.lines.contains { $0.contains("request 822 GET /report") })
        // What lies over the dashboard hides what is below it.
        hand.click(0, 3)
        #expect(hand.view.overlay == .request(id: 822, scroll: 0) && hand.view.chosenLane == 822)
    }

    @Test func `seeks on the timeline`() throws {
        var hand = Hand(try #require(Moment.all.first { $0.name == "replay-paused" }))
        let row = hand.lines.count - 2
        let start = try #require(hand.lines[row].firstIndex { "━●┼".contains($0) })
        let end = try #require(hand.lines[row].lastIndex { "─┼┃".contains($0) })
        let column = { hand.lines[row].distance(from: hand.lines[row].startIndex, to: $0) }
        #expect(hand.click(row, column(start)) == .move(.to(.zero)))
        #expect(hand.click(row, column(end)) == .move(.to(.seconds(33))))
    }

    @Test func `acts as a key of the footer, but sends nothing and ends nothing`() {
        var hand = Hand(.serving)
        hand.size = Size(columns: 120, rows: 36)
        let footer = hand.lines.count - 1
        for key in ["t SIGTERM", "q quit"] {
            #expect(hand.click(footer, hand.column(of: key, in: footer)) == nil)
            #expect(hand.view.notice?.contains("press \(key.prefix(1))") == true)
        }
        hand.click(footer, hand.column(of: "s signals", in: footer))
        #expect(hand.view.overlay == .signals(cursor: Signal.all.firstIndex(of: .terminate) ?? 0))
        hand.click("INT ")
        #expect(hand.view.overlay == .signals(cursor: Signal.all.firstIndex(of: .interrupt) ?? 0))
        #expect(hand.click(footer, hand.column(of: "Enter send", in: footer)) == nil)
        #expect(hand.view.overlay != nil)
        hand.click(footer, hand.column(of: "Esc cancel", in: footer))
        #expect(hand.view.overlay == nil)
        hand.click(footer, hand.column(of: "K kill", in: footer))
        #expect(hand.view.overlay == .killConfirmation)
        #expect(hand.click(footer, hand.column(of: "y kill", in: footer)) == nil)
    }

    @Test func `scrolls with its wheel what is under it`() {
        var hand = Hand(.killed)
        hand.wheel(.wheelDown, at: "FORCE-KILLED")
        #expect(hand.view.verdictTop == 3)
        hand.wheel(.wheelUp, at: "more below")
        #expect(hand.view.verdictTop == 0)
        hand.press(.character("?"))
        hand.wheel(.wheelDown, at: "send SIGTERM")
        #expect(hand.view.overlay == .help(scroll: 3))
        hand.press(.escape)
        hand.press(.character("v"))
        hand.wheel(.wheelUp, at: "events")
        #expect(hand.view.eventsTop != nil)
    }

    @Test func `scrolls lanes that do not fit, from the first to the last`() {
        var hand = Hand(Moment(name: "crowd", board: Story.crowd(40).board, now: .seconds(30)))
        var seen: Set<Int> = []
        for _ in 0..<20 {
            seen.formUnion(hand.lanes)
            hand.wheel(.wheelDown, at: "─ in flight")
        }
        #expect(seen.isSuperset(of: 1...40), "\(Set(1...40).subtracting(seen).sorted())")
        for _ in 0..<20 { hand.wheel(.wheelUp, at: "─ in flight") }
        #expect(hand.view.lanesTop == 0)
    }

    /// No report of the mouse sends, starts or ends anything, wherever it is.
    @Test func `never acts, wherever it is`() {
        var random = Generator(state: 5)
        let actions: [Mouse.Action] = [.press(.left), .press(.right), .wheelUp, .wheelDown, .release(.left)]
        for moment in Moment.all {
            var hand = Hand(moment)
            for _ in 0..<Effort.count(10) {
                hand.size = Size(columns: random.number(130), rows: random.number(40))
                let far = random.number(4) == 0
                let mouse = Mouse(
                    actions[random.number(actions.count)], row: far ? 99_998 : random.number(40),
                    column: far ? 99_998 : random.number(130),
                    modifiers: random.number(5) == 0 ? .shift : [])
                switch hand.view.press(.mouse(mouse), on: moment.board, now: moment.now, size: hand.size) {
                case nil, .mark?, .export?, .freeze?, .move?, .find?, .slide?: break
                case let effect?: Issue.record("\(moment.name): \(effect)")
                }
            }
        }
    }
}

/// The keys that choose.
@Suite(.timeLimit(.minutes(20))) struct `A choice` {
    @Test func `of a lane is made with keys, and opens all that is known of it`() {
        var hand = Hand(.draining)
        hand.press(.tab)
        #expect(hand.view.focus == .lanes)
        hand.press(.down)
        hand.press(.down)
        #expect(hand.view.chosenLane == 822)
        hand.press(.enter)
        let page = hand.lines.joined(separator: "\n")
        for words in ["request 822 GET /report", "in flight since", "SIGTERM sent", "still in flight after"] {
            #expect(page.contains(words), "\(words)\n\(page)")
        }
        hand.press(.escape)
        #expect(hand.view.overlay == nil && hand.view.chosenLane == 822)
        hand.press(.escape)
        #expect(hand.view.chosenLane == nil && hand.view.focus == nil)
    }

    @Test func `of a payment shows its charge and what became of it`() throws {
        var hand = Hand(try #require(Moment.all.first { $0.name == "charged-twice" }))
        hand.view.overlay = .request(id: 824, scroll: 0)
        hand.size = Size(columns: 120, rows: 36)
        let page = hand.lines.joined(separator: "\n")
        for words in ["order 824", "commits the payment", "cut after", "request 841 (answered)"] {
            #expect(page.contains(words), "\(words)\n\(page)")
        }
    }

    @Test func `of a request that is not there says so`() {
        var hand = Hand(.draining)
        hand.view.overlay = .request(id: 9_999, scroll: 0)
        #expect(hand.lines.contains { $0.contains("Nothing is known of it at this moment") })
    }

    @Test(arguments: [(80, 24), (120, 36), (60, 15), (40, 10)])
    func `of a pane lets it fill the screen, and gives it back`(columns: Int, rows: Int) {
        var hand = Hand(.draining)
        hand.size = Size(columns: columns, rows: rows)
        let before = hand.lines
        var parts: Set<DashboardLayout.Part> = []
        for _ in 0..<12 {
            hand.press(.tab)
            guard let focus = hand.view.focus else { continue }
            parts.insert(focus)
            hand.press(.character("z"))
            #expect(hand.view.layout(hand.size, .draining)[focus]?.rows ?? 0 >= rows - 4)
            #expect(hand.lines[0].contains("DRAINING"))
            #expect(columns < 48 || hand.lines[rows - 1].contains("Esc "))
            hand.press(.character("z"))
        }
        #expect(parts.isSuperset(of: [.lanes, .events]))
        hand.press(.escape)
        #expect(hand.lines == before)
    }
}

/// The large letters.
@Suite(.timeLimit(.minutes(20))) struct `A screen for a room` {
    @Test(arguments: [(80, 24), (120, 36), (200, 60), (300, 100)])
    func `has four facts in large letters`(columns: Int, rows: Int) throws {
        for moment in Moment.all {
            var hand = Hand(moment)
            hand.size = Size(columns: columns, rows: rows)
            hand.view.overlay = nil
            if !hand.view.isBig { hand.press(.character("b")) }
            let blocks = hand.lines.map { $0.contains("█") }
            // At least four rows of letters, each of five lines at least.
            #expect(blocks.count { $0 } >= 17, "\(moment.name)\n\(hand.lines.joined(separator: "\n"))")
            #expect(!hand.lines[0].isEmpty && hand.lines[rows - 1].contains("quit"))
        }
    }

    @Test func `has letters of one form each`() {
        var seen: Set<[String]> = []
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789.,-+%" {
            var canvas = Canvas(size: Size(columns: 4, rows: 5), glyphs: Glyphs(isUTF8: true))
            BlockLetters.put(String(letter), &canvas, 0, 0, .plain)
            #expect(seen.insert(canvas.frame.lines).inserted, "\(letter)")
            #expect(canvas.frame.lines.joined().contains("█"))
        }
    }

    @Test func `changes back by the same key`() {
        var hand = Hand(.draining)
        let before = hand.lines
        hand.press(.character("b"))
        #expect(hand.lines != before)
        hand.press(.character("b"))
        #expect(hand.lines == before)
    }
}

/// A step on the timeline.
@Suite(.timeLimit(.minutes(20))) struct `A step` {
    /// A drain of 0.3 s: signal at 21 s, over at 21.3 s, the run at 24 s.
    private func stride(_ position: Double, forward: Bool) -> Time {
        var transport = Transport(
            .recording, position: .seconds(position), end: .seconds(24), motion: .still, event: 1, events: 9,
            isOver: true)
        transport.signals = [.seconds(21)]
        transport.phases = [.seconds(0.2), .seconds(21.1), .seconds(21.3)]
        return Situation(
            board: .draining, now: .seconds(position), size: Size(columns: 80, rows: 24), transport: transport
        ).stride(forward: forward)
    }

    @Test func `lands in a shutdown, and goes through it by tenths`() {
        #expect(stride(24, forward: false) == .seconds(2.7))
        #expect(stride(21.32, forward: false) == .milliseconds(50), "no step of a moment behind the end")
        #expect(stride(21.3, forward: false) == .milliseconds(30))
        #expect(stride(21.01, forward: false) == .milliseconds(10))
        #expect(stride(21, forward: false) == .seconds(5))
        #expect(stride(20, forward: true) == .seconds(1))
        #expect(stride(21, forward: true) == .milliseconds(30))
        #expect(stride(21.3, forward: true) == .seconds(5))
    }
}

/// A key that does nothing.
@Suite(.timeLimit(.minutes(20))) struct `A key without an effect` {
    static let cases: [(Moment, Key, String)] = [
        (.serving, .character("w"), "w does nothing here: ? lists the keys."),
        (.killed, .character("t"), "t does nothing now: the server is gone."),
        (
            Moment(name: "new", board: Board(), now: .zero), .character("K"),
            "K does nothing now: the server has not started yet."
        ),
        (.serving, .character("r"), "r does nothing now: the server still runs."),
        (.serving, .character("v"), "v does nothing now: there is no verdict yet."),
        (.killed, .character("z"), "z does nothing now: the verdict fills the screen, v shows the panes."),
        (.draining, .enter, "Enter does nothing now: choose a request first, by a click or by Tab and ↑↓."),
        (
            Moment(name: "r", board: .draining, now: .seconds(23.8), transport: .recorded), .character("n"),
            "n does nothing now: it needs a filter, press / and type one."
        ),
        (
            Moment(name: "r", board: .draining, now: .seconds(23.8), transport: .recorded), .character("s"),
            "s does nothing now: this is a recording, without a server."
        ),
    ]

    @Test(arguments: cases.indices) func `says why`(index: Int) {
        let (moment, key, words) = Self.cases[index]
        var view = moment.view
        #expect(view.press(key, on: moment.board, now: moment.now) == nil)
        #expect(view.notice == words)
    }

    @Test func `is never silent`() {
        for moment in Moment.all
        where ["serving", "killed", "replay-paused", "held", "live-past"].contains(moment.name) {
            for overlay in `A key`.overlays + [
                .request(id: 817, scroll: 0), .startConfirmation(lesson: "polite", isMended: false),
            ] {
                let letters: [Key] = "abcdefghijklmnopqrstuvwxyzGKMNQ.,[]0-+='\"/? ".map { .character($0) }
                for key in letters + [.up, .down, .left, .right, .home, .end, .pageUp, .tab, .enter, .backspace] {
                    var view = moment.view
                    view.overlay = overlay
                    view.notice = nil
                    let before = view
                    let effect = view.press(key, on: moment.board, now: moment.now)
                    #expect(effect != nil || view != before, "\(moment.name) \(key)")
                }
            }
        }
    }
}

/// A hand on a picture.
private struct Hand {
    let moment: Moment
    var size = Size(columns: 80, rows: 24)
    var view: View

    init(_ moment: Moment) {
        self.moment = moment
        view = moment.view
    }

    /// The screen, once a notice is gone from its footer.
    var lines: [String] {
        var shown = view
        shown.notice = nil
        return Painter.frame(board: moment.board, view: shown, now: moment.now, size: size).lines
    }

    /// The requests that have a row.
    var lanes: [Int] { lines.compactMap { Int($0.drop { !$0.isNumber }.prefix(while: \.isNumber)) } }

    func column(of words: String, in row: Int) -> Int {
        let line = lines[row]
        guard let range = line.firstRange(of: words) else {
            Issue.record("no \(words) in \(line)")
            return -1
        }
        return line.distance(from: line.startIndex, to: range.lowerBound)
    }

    @discardableResult mutating func press(_ key: Key) -> Effect? {
        view.notice = nil
        return view.press(key, on: moment.board, now: moment.now, size: size)
    }

    @discardableResult mutating func click(_ row: Int, _ column: Int) -> Effect? {
        press(.mouse(Mouse(.press(.left), row: row, column: column)))
    }

    mutating func click(_ words: String) { act(.press(.left), at: words) }

    mutating func wheel(_ action: Mouse.Action, at words: String) { act(action, at: words) }

    private mutating func act(_ action: Mouse.Action, at words: String) {
        guard let row = lines.firstIndex(where: { $0.contains(words) }) else {
            Issue.record("no \(words) on the screen:\n\(lines.joined(separator: "\n"))")
            return
        }
        press(.mouse(Mouse(action, row: row, column: column(of: words, in: row))))
    }
}
