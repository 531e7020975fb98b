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
