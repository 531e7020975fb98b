import Foundation
package import Player
package import Screen
import ShutdownBoard
package import ShutdownTrace
package import Terminal

/// The dashboard: one loop, on the main thread, that takes what happened in a run, live or recorded, and paints it.
package final class Dashboard {
    /// What the loop does after it looked at an input.
    enum Step {
        case goOn
        case start(Performance?)
        case quit(keepingFrame: Bool)
        case die(signal: Int32)
    }

    /// Where it begins.
    package struct Start {
        /// The moment, at which it stands still; nil plays a recording from its start.
        var at: Time?
        var speed: Speed

        package init(at moment: Time? = nil, speed: Speed = Speed()) {
            at = moment
            self.speed = speed
        }
    }

    let terminal: Terminal
    private let open: (Performance?, Bell) throws -> Show
    private let capabilities: Screen.Capabilities
    package let theme: Theme
    private let bell: Bell
    var show: Show
    var player: Player
    package var view = View()
    /// Whether the player's clock is the run's own, which its header tells.
    private var hasClock = false
    package var search: Search?
    private var noticeEnd = 0.0
    var isDirty = true
    var lastFrame = 0.0
    private var shownPhase: Phase?

    /// Opens what is to be shown, and then the terminal.
    ///
    /// - Parameters:
    ///   - settings: How it looks.
    ///   - keys: Where keys come from.
    ///   - performance: The lesson that is played first; nil for a recording, a stream and any other server.
    ///   - start: Where a recording begins.
    ///   - open: Opens what is shown; again for each new run.
    /// - Throws: `TerminalError` where there is no usable terminal; `Failure` when there is nothing to show.
    package init(
        _ settings: TerminalSettings, keys: KeySource = .standardInput, playing performance: Performance? = nil,
        from start: Start = Start(),
        open: @escaping (Performance?, Bell) throws -> Show
    ) throws {
        Terminal.prepareProcess()
        bell = Bell()
        self.open = open
        theme = settings.theme
        show = try open(performance, bell)
        guard let timeline = show.timeline else { throw Failure("There is nothing to show.") }
        do {
            terminal = try Terminal.open(keys: keys, color: settings.color, theme: theme, ascii: settings.ascii)
        } catch {
            show.run?.finish()
            throw Failure(error.description)
        }
        capabilities = Screen.Capabilities(isUTF8: terminal.capabilities.isUTF8)
        let waker = terminal.waker
        bell.hang { waker.wake() }
        player = Player(timeline, recording: show.recording)
        view = freshView
        begin(start)
    }

    private var freshView: View {
        var view = View(lessons: playing == nil ? [] : Lesson.all)
        view.playing = playing?.playing
        return view
    }

    private func begin(_ start: Start) {
        guard case .recording = show else { return }
        let now = Self.now
        for _ in 0..<abs(start.speed.exponent) { player.perform(start.speed.exponent > 0 ? .faster : .slower, at: now) }
        player.perform(start.at.map(Move.to) ?? .toggle, at: now)
    }

    /// CLOCK_MONOTONIC, as the player counts.
    static var now: Time { .seconds(Terminal.now) }

    /// Shows runs until the person quits, and leaves a summary on the terminal.
    ///
    /// - Throws: `Failure` when a run could not be made, or the input is nothing to look at.
    package func run() throws {
        while true {
            try takeNews()
            paintIfDue()
            switch handle(terminal.next(until: deadline)) {
            case .goOn: break
            case .start(let performance): try restart(performance)
            case .quit(let keepingFrame): return quit(keepingFrame)
            case .die(let signal):
                show.run?.finish()
                terminal.close()
                Terminal.die(by: signal)
            }
            searchOn()
        }
    }

    private func takeNews() throws {
        switch show {
        case .recording: break
        case .stream(let intake):
            guard let complaint = intake.complaint else { break }
            terminal.close()
            throw Failure("Standard input cannot be shown: \(complaint).")
        case .live(let run, _):
            isDirty = run.update() || isDirty
            if let failure = run.failure {
                terminal.close()
                throw failure
            }
            guard !hasClock, let header = run.board.header else { break }
            hasClock = true
            player = Player(player.timeline, recording: run.recording, clock: header.clock)
            // Frozen before the run had begun: it stays so.
            if view.isFrozen { player.perform(.toggle, at: Self.now) }
        }
    }

    private func handle(_ input: Input) -> Step {
        switch input {
        case .key(let key):
            crashIfAsked(key)
            defer { lastFrame = 0 }
            isDirty = true
            say(nil)
            prepareView()
            let effect = view.press(key, on: player.board, now: player.position.time, size: terminal.size)
            if view.notice != nil { say(view.notice) }
            return effect.map(perform) ?? .goOn
        case .resized, .resumed:
            isDirty = true
            lastFrame = 0
            return .goOn
        case .signal(let number): return .die(signal: number)
        case .closed: return .die(signal: SIGHUP)
        case .timedOut, .woken:
            isDirty = true
            return .goOn
        }
    }

    private func perform(_ effect: Effect) -> Step {
        switch effect {
        case .send(let signal):
            show.run?.send(signal)
            // Whoever sends a signal wants to see what it does: back to the present.
            if show.run != nil { player.perform(.end, at: Self.now) }
        case .quit(let keepingFrame): return .quit(keepingFrame: keepingFrame)
        case .suspend: terminal.suspend()
        case .runAgain: return .start(playing)
        case .start(let name, let isMended): return start(name, isMended) ?? .goOn
        case .deploy: return deploy() ?? .goOn
        case .slide(let name, let position): return slide(name, to: position)
        case .gate(let command): tellGate(command)
        case .freeze(let isFrozen): player.perform(isFrozen ? .toggle : .end, at: Self.now)
        case .move(let wanted): move(wanted)
        case .find(let forward): find(forward: forward)
        case .mark: mark()
        case .export: export()
        }
        return .goOn
    }

    /// Says something in the footer's place for some seconds; nil takes it away.
    func say(_ text: String?) {
        view.notice = text
        noticeEnd = Terminal.now + 6
    }

    /// Seconds of CLOCK_MONOTONIC at which the next frame is due; nil when nothing moves by itself.
    private var deadline: Double? {
        if search != nil { return 0 }
        let frame = player.isMoving || isDirty ? lastFrame + interval : nil
        let notice = view.notice == nil ? nil : noticeEnd
        return [frame, notice].compactMap { $0 }.min()
    }

    /// A frame every so many seconds, as fast as there is something to see; a new phase is shown at once.
    private var interval: Double {
        guard player.playhead.isPinned else { return 0.05 }
        let board = show.run?.board ?? player.board
        guard board.phase == shownPhase else { return 0.02 }
        return board.stopSignal == nil || board.process.isGone ? 0.25 : 0.08
    }

    private func paintIfDue() {
        if view.notice != nil, Terminal.now >= noticeEnd { say(nil) }
        guard isDirty, Terminal.now >= lastFrame + interval else { return }
        player.update(at: Self.now)
        terminal.present(frame)
        lastFrame = Terminal.now
        shownPhase = player.board.phase
        isDirty = false
    }

    private func prepareView() {
        view.transport = show.transport(player)
        guard view.playing == nil, show.run == nil else { return }
        guard let recorded = Playing(recordedIn: player.board.header) else { return }
        (view.playing, view.lessons) = (recorded, Lesson.all)
    }

    private var frame: Frame {
        prepareView()
        return Painter.frame(
            board: player.board, view: view, now: player.position.time, size: terminal.size,
            capabilities: capabilities)
    }

    private func restart(_ performance: Performance?) throws {
        show.run?.finish()
        player.timeline.close()
        do { show = try open(performance, bell) } catch {
            terminal.close()
            throw error
        }
        guard let timeline = show.timeline else { return }
        player = Player(timeline)
        (hasClock, search) = (false, nil)
        view = freshView
        isDirty = true
    }

    private func quit(_ keepingFrame: Bool) {
        let last = keepingFrame ? frame : nil
        guard let run = show.run else {
            terminal.close(keeping: last)
            for line in Summary(player.timeline).lines { Console.print(line) }
            return
        }
        // What the person saw, before the server is ended for them.
        let phase = run.board.process.isGone ? nil : run.board.phase
        run.finish()
        terminal.close(keeping: last)
        for line in Summary(run, quitWhile: phase).lines { Console.print(line) }
    }

    /// Tests ask for a crash by an environment variable, to see the terminal survive it.
    private func crashIfAsked(_ key: Key) {
        guard key == .character("!"), let name = ProcessInfo.processInfo.environment["DRAINBOARD_TEST_CRASH"],
            let crash = Terminal.Crash(rawValue: name)
        else { return }
        Terminal.crash(crash)
    }
}
