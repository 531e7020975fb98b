import ShutdownBoard
import ShutdownTrace
import Testing

@testable import Screen

/// Motion only where something moves in the world.
@Suite(.timeLimit(.minutes(20))) struct `A calm screen` {
    static let size = Size(columns: 120, rows: 36)

    @Test func `does not change while an idle server serves`() {
        let board = Board.idle
        let frames = Set([30, 31, 47.3, 600].map { frame(board, .seconds($0)) })
        #expect(frames.count == 1)
    }

    @Test func `keeps the signal line where the present was`() throws {
        let before = try #require(column("┊", in: frame(.serving, .seconds(20))))
        let board = Board.draining
        for second in stride(from: 23.8, through: 64, by: 1.7) {
            #expect(column("┃", in: frame(board, .seconds(second))) == before)
        }
    }

    @Test func `keeps each finished request in its row when another one ends`() {
        let board = Board.draining
        let size = Self.size
        let before = row(of: " 823 POST", in: frame(board, .seconds(23.8)))
        var next = board
        next.apply(
            Event(
                .requestFinished, from: .client, at: .seconds(23.9), sequence: 90_000,
                [.id: 826, .fate: "answered", .status: 200]))
        let after = row(of: " 823 POST", in: Painter.frame(board: next, view: View(), now: .seconds(23.9), size: size))
        #expect(before == after && before != nil)
    }

    @Test func `stays at the events that somebody scrolled to`() {
        var board = Board.draining
        var view = View()
        for _ in 0..<3 { _ = view.press(.up, on: board, now: .seconds(23.8), size: Self.size) }
        let before = events(board, view)
        board.apply(
            Event(.shutdownForced, from: .server, at: .seconds(23.9), sequence: 90_000, [.cause: "second signal"]))
        #expect(events(board, view) == before)
        _ = view.press(.escape, on: board, now: .seconds(23.9), size: Self.size)
        #expect(events(board, view).contains { $0.contains("forced: second signal") })
    }

    @Test func `follows the end again once it is reached`() {
        let board = Board.draining
        var view = View()
        for _ in 0..<5 { _ = view.press(.up, on: board, now: .zero, size: Self.size) }
        #expect(view.eventsTop != nil)
        for _ in 0..<5 { _ = view.press(.down, on: board, now: .zero, size: Self.size) }
        #expect(view.eventsTop == nil)
    }

    @Test func `says which request will not make it before it is lost`() {
        let lines = frame(.atRisk, .seconds(23.8)).lines
        #expect(lines.contains { $0.contains("drain") && $0.contains("AT RISK: 3 will be cut") })
        #expect(lines.contains { $0.contains(" 817 POST") && $0.contains("at risk") })
        #expect(!lines.contains { $0.contains(" 824 POST") && $0.contains("at risk") })
    }

    @Test func `draws a second line for a second signal`() {
        let lines = frame(.killed, .seconds(23), View(showsBoardAfterExit: true)).lines
        #expect(lines.contains { $0.contains("┃ SIGT") && $0.contains("┃ SIGKILL") })
    }

    @Test func `shows what cannot have happened`() {
        var board = Board.draining
        board.apply(
            Event(.requestFinished, from: .client, at: .seconds(23.9), sequence: 0, [.id: 4_711, .fate: "answered"]))
        #expect(frame(board, .seconds(24)).lines.contains { $0.contains("1 impossible") })
    }

    private func frame(_ board: Board, _ now: Time, _ view: View = View()) -> Frame {
        Painter.frame(board: board, view: view, now: now, size: Self.size)
    }

    private func events(_ board: Board, _ view: View) -> ArraySlice<String> {
        frame(board, .seconds(24), view).lines[28..<34]
    }

    private func row(of text: String, in frame: Frame) -> Int? { frame.lines.firstIndex { $0.contains(text) } }

    private func column(_ scalar: Unicode.Scalar, in frame: Frame) -> Int? {
        (0..<frame.size.rows).lazy.compactMap { row in
            (0..<frame.size.columns).first { frame[row, $0].scalar == scalar }
        }.first
    }
}

extension View {
    init(showsBoardAfterExit: Bool) {
        self.init()
        self.showsBoardAfterExit = showsBoardAfterExit
    }
}
