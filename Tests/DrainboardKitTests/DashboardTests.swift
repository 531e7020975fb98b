import Lessons
import Player
import Screen
import ShutdownBoard
import ShutdownTrace
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `The pacing of frames` {
    private func isDue(_ pacing: FramePacing, after milliseconds: Int64, _ live: Board?) -> Bool {
        pacing.isDue(at: .seconds(100) + .milliseconds(milliseconds), live)
    }

    private func painted(_ board: Board) -> FramePacing {
        var pacing = FramePacing()
        pacing.painted(board.phase, at: .seconds(100))
        pacing.note()
        return pacing
    }

    private static let calm = Story(end: .none).board
    private static let draining = Board(header: Story().header, Story().events.prefix(5))

    @Test func `paints the first frame at once`() { #expect(FramePacing().isDue(at: .zero, nil)) }

    @Test func `paints nothing where nothing has changed`() {
        var pacing = FramePacing()
        pacing.painted(.serving, at: .seconds(100))
        #expect(!pacing.isDue(at: .seconds(900), nil))
        #expect(pacing.deadline(nil, isMoving: false) == nil)
        #expect(pacing.deadline(nil, isMoving: true) == .seconds(100.05))
    }

    static let intervals: [(Board?, Int64)] = [(nil, 50), (calm, 250), (draining, 80)]

    @Test(arguments: intervals)
    func `is as fast as there is something to see`(live: Board?, milliseconds: Int64) {
        let pacing = painted(live ?? Self.calm)
        #expect(!isDue(pacing, after: milliseconds - 1, live))
        #expect(isDue(pacing, after: milliseconds, live))
        #expect(pacing.deadline(live, isMoving: false) == .seconds(100) + .milliseconds(milliseconds))
    }

    @Test func `shows a new phase soon`() {
        let pacing = painted(Self.calm)
        #expect(Self.draining.phase != Self.calm.phase)
        #expect(isDue(pacing, after: 20, Self.draining))
    }

    @Test func `shows at once what a key changed`() {
        var pacing = painted(Self.calm)
        pacing.hurry()
        #expect(isDue(pacing, after: 0, Self.calm))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A notice` {
    @Test func `ends after six seconds`() {
        var notice = Notice()
        #expect(notice.end == nil)
        notice.show("Marked", at: .seconds(10))
        #expect(notice.text == "Marked")
        #expect(notice.end == .seconds(16))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `A wake-up` {
    @Test func `that comes before the loop is made up for`() {
        let count = Mutex(0)
        let wakeup = DeferredWakeup()
        wakeup.wake()
        wakeup.connect { count.withLock { $0 += 1 } }
        #expect(count.withLock(\.self) == 1)
        wakeup.wake()
        #expect(count.withLock(\.self) == 2)
    }

    @Test func `comes once for all lines that nobody has taken`() {
        let count = Mutex(0)
        let inbox = Inbox<TraceLine> { count.withLock { $0 += 1 } }
        let lines = Story().events.map { TraceLine(.event($0)) }
        for line in lines { inbox.put(line) }
        #expect(count.withLock(\.self) == 1)
        #expect(inbox.takeAll() == lines)
        #expect(inbox.takeAll().isEmpty)
        inbox.put(lines[0])
        #expect(count.withLock(\.self) == 2)
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The dashboard over a recording` {
    private static let size = Size(columns: 80, rows: 24)
    private let folder: TemporaryFolder
    private let recording: Recording

    init() throws {
        folder = try TemporaryFolder()
        recording = try Recording.whole(Story().file(in: folder))
    }

    private func state(at moment: Time? = nil, speed: Speed = Speed()) -> DashboardState {
        var state = DashboardState(.recording(recording), theme: .dark, at: .seconds(1_000))
        state.begin(at: moment, speed: speed)
        return state
    }

    private func press(_ keys: String, _ state: inout DashboardState, at seconds: Double = 1_000) {
        for key in keys { _ = state.press(.character(key), at: .seconds(seconds), on: Self.size) }
    }

    private func text(_ state: inout DashboardState, at seconds: Double) -> String? {
        state.nextFrame(at: .seconds(seconds), on: Self.size, Capabilities()).map { $0.lines.joined(separator: "\n") }
    }

    @Test func `plays from the start by the clock that is handed in`() {
        var state = state()
        _ = text(&state, at: 1_000)
        state.pacing.note()
        _ = text(&state, at: 1_004.5)
        #expect(state.player.position.time == .seconds(4.5))
        #expect(state.player.board.stopSignal != nil)
    }

    @Test func `plays as fast as was asked for`() throws {
        var state = state(speed: try #require(Speed(4)))
        _ = text(&state, at: 1_000.5)
        #expect(state.player.position.time == .seconds(2))
    }

    @Test func `stands still at a moment`() {
        var state = state(at: .seconds(3))
        _ = text(&state, at: 1_900)
        #expect(state.player.position.time == .seconds(3))
        #expect(state.deadline == nil)
    }

    @Test func `paints a frame only when one is due`() {
        var state = state(at: .seconds(3))
        #expect(text(&state, at: 1_000) != nil)
        #expect(text(&state, at: 1_001) == nil)
        press("?", &state, at: 1_001)
        #expect(text(&state, at: 1_001)?.contains("send SIGTERM") == true)
    }

    @Test func `quits, with or without its last picture`() {
        var state = state()
        #expect(state.press(.character("q"), at: .zero, on: Self.size).keepsFrame == false)
        #expect(state.press(.character("Q"), at: .zero, on: Self.size).keepsFrame == true)
        #expect(state.press(.character("m"), at: .zero, on: Self.size).keepsFrame == nil)
    }

    @Test func `moves by keys`() {
        var state = state(at: .seconds(3))
        _ = state.press(.right, at: .seconds(1_000), on: Self.size)
        #expect(state.player.position.time == .seconds(4), "the signal, which no step passes over")
        for _ in 0..<20 { _ = state.press(.right, at: .seconds(1_000), on: Self.size) }
        #expect(state.player.position.time == .seconds(6), "the end of the run")
        press("0", &state)
        #expect(state.player.position.time == .zero)
        press("]", &state)
        #expect(state.player.position.count == 2, "serving")
    }

    @Test func `marks a moment, and says so for six seconds`() {
        var state = state(at: .seconds(3))
        press("m", &state)
        #expect(state.player.marks.positions.map(\.time) == [.seconds(3)])
        #expect(text(&state, at: 1_000)?.contains("Marked 3.0 s") == true)
        #expect(state.deadline == .seconds(1_006))
        #expect(text(&state, at: 1_006)?.contains("Marked") == false)
        press("m", &state)
        #expect(state.player.marks.positions.isEmpty)
    }

    @Test func `takes a paste for text, and says where its end did not come`() {
        var state = state(at: .seconds(21))
        state.paste(Paste(text: "q", isWhole: true), at: .seconds(1_000))
        #expect(state.view.overlay == nil && state.view.filter.isEmpty && state.notice.text == nil)
        press("/", &state)
        state.paste(Paste(text: "GET", isWhole: false), at: .seconds(1_000))
        #expect(state.view.filter == "GET")
        #expect(state.notice.text == Notice.brokenPaste)
    }

    @Test func `finds the event that has the filter's text`() {
        var state = state(at: .zero)
        press("/SIGTERM", &state)
        _ = state.press(.enter, at: .seconds(1_000), on: Self.size)
        press("n", &state)
        #expect(state.search != nil)
        #expect(state.deadline == .zero, "the search goes on without an input")
        state.continueSearch(at: .seconds(1_000))
        #expect(state.search == nil)
        #expect(state.player.position.time == .seconds(4))
    }

    @Test func `says where no event has the filter's text`() {
        var state = state(at: .zero)
        press("/nowhere", &state)
        _ = state.press(.enter, at: .seconds(1_000), on: Self.size)
        press("n", &state)
        state.continueSearch(at: .seconds(1_000))
        #expect(state.notice.text == "No event further on has \"nowhere\".")
    }

    @Test func `sends nothing to a server that is long gone`() {
        var state = state(at: .seconds(3))
        press("t", &state)
        #expect(state.player.position.time == .seconds(3))
    }

    @Test func `leaves the verdict when it is closed`() {
        let lines = Summary(.recording(recording), quitWhile: nil).lines
        #expect(lines.first?.hasPrefix("story: GRACEFUL   ") == true)
        #expect(Summary(.recording(recording), quitWhile: .serving).lines == ["story: serving"])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `Two runs on one clock` {
    private func recordings(_ first: Story, _ second: Story) throws -> (Recording, Recording) {
        let folder = try TemporaryFolder()
        return (try .whole(first.file(in: folder, "a.jsonl")), try .whole(second.file(in: folder, "b.jsonl")))
    }

    @Test func `have their signals at the same moment`() throws {
        let (left, right) = try recordings(Story(), Story(end: .killed))
        var runs = try ComparedRuns(left, right)
        #expect(runs.signal == .seconds(4))
        runs.perform(.to(.seconds(5)), at: .zero)
        #expect(runs.transport(at: .zero).position == .seconds(5))
        #expect(runs.transport(at: .zero).signals.contains(.seconds(4)))
        #expect(runs.transport(at: .zero).end == .seconds(6))
    }

    @Test func `say which of them shows no shutdown`() throws {
        let (left, right) = try recordings(Story(), Story(end: .none))
        #expect {
            try ComparedRuns(left, right)
        } throws: { ("\($0)").contains("\(right.file) shows no signal and no exit") }
    }

    @Test func `are told apart as text`() throws {
        let (left, right) = try recordings(Story(), Story(end: .killed))
        let text = try ComparedRuns(left, right).text(width: .max).lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("GRACEFUL"))
        #expect(text.contains("FORCE-KILLED"))
    }
}

extension DashboardState.Step {
    /// Nil where it does not quit.
    fileprivate var keepsFrame: Bool? { if case .quit(let keepsFrame) = self { keepsFrame } else { nil } }
}
