import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

@Suite(.timeLimit(.minutes(20))) struct `On the timeline` {
    private func view(_ transport: Transport) -> View {
        var view = View()
        view.transport = transport
        return view
    }

    @Test(arguments: [
        (Key.character(" "), Move.toggle), (.character("."), .step(1)), (.character(","), .step(-1)),
        (.left, .skip(.seconds(-1))), (.right, .skip(.seconds(1))), (.shiftLeft, .leap(percent: -10)),
        (.shiftRight, .leap(percent: 10)), (.character("0"), .percent(0)), (.character("7"), .percent(70)),
        (.character("["), .landmark(forward: false)), (.character("]"), .landmark(forward: true)), (.home, .start),
        (.end, .end), (.character("+"), .faster), (.character("-"), .slower), (.character("="), .normalSpeed),
        (.character("'"), .mark(forward: true)), (.character("\""), .mark(forward: false)),
    ])
    func `a key moves`(key: Key, movement: Move) {
        var view = view(.recorded)
        #expect(view.press(key, on: .draining, now: .zero) == .move(movement))
    }

    @Test func `n finds what the filter says, and nothing without one`() {
        var view = view(.recorded)
        #expect(view.press(.character("n"), on: Board(), now: .zero) == nil)
        for key: Key in [.character("/"), .character("8"), .enter] { _ = view.press(key, on: Board(), now: .zero) }
        #expect(view.press(.character("n"), on: Board(), now: .zero) == .find(forward: true))
        #expect(view.press(.character("N"), on: Board(), now: .zero) == .find(forward: false))
    }

    @Test(arguments: [Key.character("t"), .character("i"), .character("K"), .character("s"), .character("r")])
    func `a recording takes no signal and is not run again`(key: Key) {
        for board in [Board.draining, .killed] {
            var view = view(.recorded)
            #expect(view.press(key, on: board, now: .zero) == nil)
            #expect(view.overlay == nil)
        }
    }

    @Test func `a signal reaches the server that runs, wherever the screen stands`() {
        var view = view(.past)
        #expect(view.press(.character("t"), on: .serving, now: .zero) == .send(.terminate))
        let frame = Painter.frame(
            board: .serving, view: view, now: .seconds(20), size: Size(columns: 120, rows: 36))
        #expect(frame.lines[35].contains("t again: force"))
        #expect(!frame.lines[1].contains("press t") && !frame.lines.contains { $0.contains("leave politely") })
    }

    @Test func `space holds the present, and goes back to it`() {
        var live = Transport.past
        live.motion = .pinned
        var view = view(live)
        #expect(view.press(.character(" "), on: .draining, now: .zero) == .freeze(true))
        view.transport = .past
        #expect(view.press(.character(" "), on: .draining, now: .zero) == .freeze(false))
        #expect(view.press(.character(" "), on: .draining, now: .zero) == .move(.toggle))
    }

    @Test func `the present of a live run has no bar`() {
        var live = Transport.past
        live.motion = .pinned
        let board = Board.draining
        let with = Painter.frame(
            board: board, view: view(live), now: .seconds(23.8), size: Size(columns: 80, rows: 24))
        let without = Painter.frame(
            board: board, view: View(), now: .seconds(23.8), size: Size(columns: 80, rows: 24))
        #expect(with.lines == without.lines)
    }

    @Test func `the past of a live run says so, and how to get back`() {
        for (columns, words) in [(120, "LOOKING BACK 4.2 s: End is live"), (40, "BACK")] {
            let frame = Painter.frame(
                board: .draining, view: view(.past), now: .seconds(23.8),
                size: Size(columns: columns, rows: 36))
            #expect(frame.lines[0].contains(words), "\(frame.lines[0])")
        }
    }

    @Test func `the bar goes first when there is no room`() {
        let board = Board.draining
        for rows in 4...40 {
            for columns in [20, 47, 60, 80, 120] {
                let size = Size(columns: columns, rows: rows)
                let bare = DashboardLayout(size)
                let layout = DashboardLayout(size, .timeline)
                #expect(layout[.timeline] == nil || Set(bare.rects.keys).isSubset(of: layout.rects.keys))
                let frame = Painter.frame(board: board, view: view(.recorded), now: .seconds(23.8), size: size)
                #expect(frame.size == size)
            }
        }
    }

    @Test func `a notice stands in the footer's place`() {
        var view = view(.recorded)
        view.notice = "Written here: a.md and a.svg"
        let frame = Painter.frame(board: Board(), view: view, now: .zero, size: Size(columns: 80, rows: 24))
        #expect(frame.lines[23].hasPrefix(" Written here: a.md"))
    }
}
