import ShutdownBoard
import ShutdownTrace
import TestSupport
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(20))) struct `A key` {
    static let overlays: [View.Overlay?] = [
        nil, .help(scroll: 0), .signals(cursor: 14), .killConfirmation, .explanation(scroll: 0), .catalogue(cursor: 1),
        .filterPrompt,
    ]

    @Test(arguments: Moment.all)
    func `that the footer offers does what its own row says`(moment: Moment) {
        let situation = Situation(board: moment.board, now: moment.now, size: Size(columns: 120, rows: 36))
        for overlay in Self.overlays {
            var view = View(lessons: lessons)
            view.overlay = overlay
            let table = Keymap.bindings(for: overlay)
            for binding in table where binding.works(view, situation) && binding.label(view, situation) != nil {
                let first = table.first { $0.keys.contains(binding.keys[0]) && $0.works(view, situation) }
                #expect(first?.name == binding.name)
            }
        }
    }

    @Test func `is in the help, whichever it is`() {
        var view = View()
        let board = Board.draining
        var shown: Set<String> = []
        _ = view.press(.character("?"), on: board, now: .seconds(23.8))
        for _ in 0...HelpOverlay.lastScroll(Size(columns: 80, rows: 24)) {
            let frame = Painter.frame(board: board, view: view, now: .seconds(23.8), size: Size(columns: 80, rows: 24))
            shown.formUnion(frame.lines)
            _ = view.press(.down, on: board, now: .seconds(23.8))
        }
        for binding in Keymap.sections.flatMap(\.bindings) {
            #expect(
                shown.contains { $0.contains("│ \(binding.name) ") && $0.contains(binding.help) }, "\(binding.name)")
        }
    }

    @Test func `sends SIGKILL only as the y after the question`() {
        var random = Generator(state: 7)
        let boards = [Board.serving, .draining, .killed, Board()]
        var kills = 0
        for board in boards {
            var view = View(lessons: lessons)
            for _ in 0..<4_000 {
                let before = view.overlay
                let key = random.key()
                let size = Size(columns: random.number(130), rows: random.number(40))
                guard view.press(key, on: board, now: .seconds(24), size: size) == .send(.kill) else { continue }
                kills += 1
                #expect(before == .killConfirmation && key == .character("y"))
            }
        }
        #expect(kills > 4)
    }

    @Test func `never traps, with any overlay at any size`() {
        var random = Generator(state: 11)
        let boards = [Board.starting, .draining, .killed, Board()]
        let strange: [View.Overlay] = [
            .signals(cursor: 99), .signals(cursor: -3), .catalogue(cursor: 12), .help(scroll: .max),
            .explanation(scroll: -1),
        ]
        for board in boards {
            for overlay in Self.overlays + strange {
                for _ in 0..<Effort.count(15) {
                    var view = View(lessons: random.number(2) == 0 ? [] : lessons)
                    view.overlay = overlay
                    view.eventsTop = random.number(3) == 0 ? nil : random.number(5_000) - 100
                    let size = Size(columns: random.number(130), rows: random.number(40))
                    for _ in 0..<3 { _ = view.press(random.key(), on: board, now: .seconds(24), size: size) }
                    #expect(Painter.frame(board: board, view: view, now: .seconds(24), size: size).size == size)
                }
            }
        }
    }

    @Test func `Ctrl-C reaches the server while there is one, and then quits`() {
        var view = View()
        #expect(view.press(.control("c"), on: .draining, now: .seconds(23.8)) == .send(.interrupt))
        #expect(view.press(.control("c"), on: .killed, now: .seconds(23)) == .quit(keepingFrame: false))
        #expect(view.press(.control("c"), on: Board(), now: .zero) == .quit(keepingFrame: false))
    }

    @Test func `t says beforehand that the second one forces`() {
        #expect(Moment.serving.frame(Size(columns: 120, rows: 36)).lines[35].contains("t SIGTERM"))
        #expect(Moment.draining.frame(Size(columns: 120, rows: 36)).lines[35].contains("t again: force"))
        var view = View()
        #expect(view.press(.character("t"), on: Moment.draining.board, now: .seconds(24)) == .send(.terminate))
    }

    @Test func `Enter in the menu sends the signal under the cursor`() {
        let board = Board.serving
        var view = View()
        #expect(view.press(.character("s"), on: board, now: .zero) == nil)
        #expect(view.press(.enter, on: board, now: .zero) == .send(.terminate))
        #expect(view.overlay == nil)
        _ = view.press(.character("s"), on: board, now: .zero)
        _ = view.press(.home, on: board, now: .zero)
        #expect(view.press(.enter, on: board, now: .zero) == .send(.hangup))
    }

    @Test func `Enter in the question cancels`() {
        var view = View()
        _ = view.press(.character("K"), on: .serving, now: .zero)
        #expect(view.press(.enter, on: .serving, now: .zero) == nil)
        #expect(view.overlay == nil)
    }

    @Test func `space holds the picture and lets it go again`() {
        var view = View()
        #expect(view.press(.character(" "), on: Board(), now: .zero) == .freeze(true))
        #expect(view.press(.character(" "), on: Board(), now: .zero) == .freeze(false))
    }

    @Test func `with Alt, and the mouse, means nothing`() {
        let keys: [Key] =
            "tiKsqQ/c".map { .held(.alt, .character($0)) } + [
                .held(.alt, .control("c")), .held(.control, .left), .insert,
                .mouse(Mouse(.press(.left), row: 1, column: 1)),
            ]
        for overlay in Self.overlays {
            var view = View(lessons: lessons)
            view.overlay = overlay
            let before = view
            for key in keys { #expect(view.press(key, on: Story.serving().board, now: .zero) == nil) }
            #expect(view == before)
        }
    }

    @Test func `that was pasted is text where a text is typed, and nothing elsewhere`() {
        var view = View(lessons: lessons)
        let before = view
        view.paste("Kyt\nq")
        #expect(view == before)
        view.overlay = .filterPrompt
        view.paste("GET /a\r\nb\u{7}\u{1B}[A\n")
        #expect(view.filter == "GET /a b[A")
        view.overlay = .catalogue(cursor: 2, isTyping: true)
        view.paste("dröhn\n")
        #expect(view.lessonFilter == "dröhn" && view.overlay == .catalogue(cursor: 0, isTyping: true))
        view.paste(String(repeating: "x", count: 4_000))
        #expect(view.lessonFilter.count == 60)
    }

    @Test func `Enter in the catalogue starts the lesson under the cursor`() {
        var view = View(lessons: lessons)
        _ = view.press(.character("c"), on: Board(), now: .zero)
        _ = view.press(.down, on: Board(), now: .zero)
        #expect(view.press(.enter, on: Board(), now: .zero) == .start(lesson: "no-handler", isMended: false))
    }
}

/// Keys and numbers that look random and are the same in every run.
struct Generator {
    var state: UInt64

    mutating func number(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, below)
    }

    mutating func key() -> Key {
        let keys: [Key] = [
            .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backspace, .function(1),
            .control("c"), .control("z"), .character("é"), .character("\u{1B}"),
        ]
        let index = number(keys.count + 40)
        let letters = Array("tiKsrvexcm/?hqQyn 0.,KgGMdp+-")
        return index < keys.count ? keys[index] : .character(letters[number(letters.count)])
    }
}
