import Lessons
import Player
import Screen
import ShutdownBoard
import ShutdownTrace
import Terminal

/// What the dashboard shows, and how keys change it: all of the dashboard but the terminal.
///
/// It reads no clock. Whoever calls it hands in the present, which ``now`` keeps until the next call.
struct DashboardState {
    /// What a key leaves to the loop.
    enum Step {
        case goOn
        case start(LessonRun?)
        case suspend
        case quit(keepingFrame: Bool)
    }

    var source: DashboardSource
    var player: Player
    var view = View()
    var notice = Notice()
    var pacing = FramePacing()
    var search: Search?
    let theme: Theme
    /// CLOCK_MONOTONIC, as the player counts.
    var now: Time
    /// Whether the player has the clock and the recording of a live run, which are known once the run has begun.
    private var hasBegun = false

    init(_ source: DashboardSource, theme: Theme, isBig: Bool = false, at now: Time) {
        self.source = source
        self.theme = theme
        self.now = now
        player = Player(source.timeline, recording: source.file)
        view = freshView
        view.isBig = isBig
    }

    /// Shows another run.
    mutating func show(_ source: DashboardSource) {
        let ended = view.transport?.server?.endedByStart
        let isBig = view.isBig
        player.timeline.close()
        self.source = source
        player = Player(source.timeline)
        hasBegun = false
        search = nil
        notice = Notice()
        view = freshView
        view.isBig = isBig
        if let ended { say("Ended: \(ended).") }
        pacing.note()
    }

    private var freshView: View {
        var view = View(lessons: source.lesson == nil ? [] : Scenario.all.map(\.lesson))
        view.playing = source.lesson?.playing
        return view
    }

    /// Plays a recording, or stands still at a moment of it.
    mutating func begin(at moment: Time?, speed: Speed) {
        guard case .recording = source else { return }
        for _ in 0..<abs(speed.exponent) { player.perform(speed.exponent > 0 ? .faster : .slower, at: now) }
        player.perform(moment.map(Move.to) ?? .toggle, at: now)
    }

    /// Takes what happened in the run.
    ///
    /// - Throws: `Failure` when the run could not be made, or the input can never be shown.
    mutating func update(at now: Time) throws {
        self.now = now
        if try source.update() { pacing.note() }
        guard !hasBegun, let run = source.run, let header = player.timeline.head.header else { return }
        hasBegun = true
        player = Player(player.timeline, recording: run.recording, clock: header.clock)
        // A picture that was frozen before the run had begun stays frozen.
        if view.isFrozen { player.perform(.toggle, at: now) }
    }

    /// Does what a key means.
    ///
    /// - Returns: What is left to the loop.
    mutating func press(_ key: Key, at now: Time, on size: Size) -> Step {
        // The end of a click means nothing, and takes nothing away that its beginning has said.
        if case .mouse(let mouse) = key, case .release = mouse.action { return .goOn }
        self.now = now
        pacing.hurry()
        notice = Notice()
        prepareView()
        let effect = view.press(key, on: player.board, now: player.position.time, size: size)
        if let text = view.notice { say(text) }
        return effect.map { perform($0) } ?? .goOn
    }

    /// Takes a pasted text, which is never keys.
    mutating func paste(_ paste: Paste, at now: Time) {
        self.now = now
        pacing.hurry()
        view.paste(paste.text)
        if !paste.isWhole { say(Notice.brokenPaste) }
    }

    /// Replaces the footer by a sentence for some seconds.
    mutating func say(_ text: String) { notice.show(text, at: now) }

    /// When there is something to do without any input; nil when nothing moves by itself.
    var deadline: Time? {
        if search != nil { return .zero }
        return [pacing.deadline(live, isMoving: player.isMoving), notice.end].compactMap { $0 }.min()
    }

    /// The newest board, while the screen shows the end of a run.
    private var live: Board? {
        player.playhead.isPinned ? source.run == nil ? player.board : player.timeline.head : nil
    }

    /// The next frame; nil while it is not due.
    mutating func nextFrame(at now: Time, on size: Size, _ capabilities: Capabilities) -> Frame? {
        self.now = now
        if let end = notice.end, now >= end {
            notice = Notice()
            pacing.note()
        }
        guard pacing.isDue(at: now, live) else { return nil }
        player.update(at: now)
        pacing.painted(player.board.phase, at: now)
        return frame(on: size, capabilities)
    }

    mutating func frame(on size: Size, _ capabilities: Capabilities) -> Frame {
        prepareView()
        return Painter.frame(
            board: player.board, view: view, now: player.position.time, size: size, capabilities: capabilities)
    }

    private mutating func prepareView() {
        view.transport = source.transport(player, at: now)
        view.notice = notice.text
        guard view.playing == nil, source.run == nil else { return }
        guard let recorded = Playing(recordedIn: player.board.header) else { return }
        view.playing = recorded
        view.lessons = Scenario.all.map(\.lesson)
    }
}
