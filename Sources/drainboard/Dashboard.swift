internal import DemoServer
internal import Experiment
internal import Foundation
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace
internal import Terminal

/// The dashboard over live runs: one loop, on the main thread, that takes what happened and paints it.
final class Dashboard {
    /// What the loop does after it looked at an input.
    private enum Step {
        case goOn
        case start(Scenario)
        case quit(keepingFrame: Bool)
        case die(signal: Int32)
    }

    private let terminal: Terminal
    private let makePlan: (Scenario) -> Plan
    private let capabilities: Screen.Capabilities
    private var scenario: Scenario
    private var run: LiveRun
    private var view = View(lessons: Scenario.all.map(Lesson.init))
    /// What the screen shows while it is frozen.
    private var still: (board: Board, at: Time)?
    private var isDirty = true
    private var lastFrame = 0.0
    private var shownPhase: Phase?

    /// Opens the terminal and starts the first run.
    ///
    /// - Throws: `TerminalError` where there is no usable terminal.
    init(_ scenario: Scenario, _ display: DisplayOptions, makePlan: @escaping (Scenario) -> Plan) throws {
        Terminal.prepareProcess()
        terminal = try Terminal.open(
            color: display.color, theme: display.namedTheme ?? .dark, ascii: display.ascii)
        capabilities = Screen.Capabilities(isUTF8: terminal.capabilities.isUTF8)
        self.makePlan = makePlan
        self.scenario = scenario
        let waker = terminal.waker
        run = LiveRun(makePlan(scenario)) { waker.wake() }
    }

    /// Shows runs until the person quits, and leaves a summary on the terminal.
    ///
    /// - Throws: `Failure` when a run could not be made.
    func show() throws {
        while true {
            isDirty = run.update() || isDirty
            if let failure = run.failure {
                terminal.close()
                throw failure
            }
            paintIfDue()
            switch handle(terminal.next(until: deadline)) {
            case .goOn: break
            case .start(let scenario): restart(scenario)
            case .quit(let keepingFrame): return quit(keepingFrame)
            case .die(let signal):
                run.finish()
                terminal.close()
                Terminal.die(by: signal)
            }
        }
    }

    private func handle(_ input: Input) -> Step {
        switch input {
        case .key(let key):
            crashIfAsked(key)
            defer { lastFrame = 0 }
            isDirty = true
            guard let effect = view.press(key, on: run.board, now: run.now, size: terminal.size) else { return .goOn }
            return perform(effect)
        case .resized, .resumed:
            isDirty = true
            lastFrame = 0
            return .goOn
        case .signal(let number): return .die(signal: number)
        case .closed: return .die(signal: SIGHUP)
        case .timedOut:
            isDirty = true
            return .goOn
        case .woken: return .goOn
        }
    }

    private func perform(_ effect: Effect) -> Step {
        switch effect {
        case .send(let signal): run.send(signal)
        case .quit(let keepingFrame): return .quit(keepingFrame: keepingFrame)
        case .suspend: terminal.suspend()
        case .runAgain: return .start(scenario)
        case .start(let name): return Scenario(named: name).map(Step.start) ?? .goOn
        case .freeze(let isFrozen): still = isFrozen ? (run.board, run.now) : nil
        case .mark, .export: break
        }
        return .goOn
    }

    /// What is on the screen: the present, or the instant at which it was frozen.
    private var shown: (board: Board, now: Time) {
        still.map { ($0.board, $0.at) } ?? (run.board, run.now)
    }

    /// Seconds of CLOCK_MONOTONIC at which the next frame is due; nil when nothing moves by itself.
    private var deadline: Double? {
        if still == nil, !run.isOver { return lastFrame + interval }
        return isDirty ? lastFrame + interval : nil
    }

    /// A frame every so many seconds, as fast as there is something to see; a new phase is shown at once.
    private var interval: Double {
        guard run.board.phase == shownPhase else { return 0.02 }
        return run.board.stopSignal == nil || run.board.process.isGone ? 0.25 : 0.08
    }

    private func paintIfDue() {
        guard isDirty, Terminal.now >= lastFrame + interval else { return }
        terminal.present(frame)
        lastFrame = Terminal.now
        shownPhase = run.board.phase
        isDirty = false
    }

    private var frame: Frame {
        let (board, now) = shown
        return Painter.frame(board: board, view: view, now: now, size: terminal.size, capabilities: capabilities)
    }

    private func restart(_ next: Scenario) {
        run.finish()
        scenario = next
        still = nil
        view = View(lessons: Scenario.all.map(Lesson.init))
        let waker = terminal.waker
        run = LiveRun(makePlan(next)) { waker.wake() }
        isDirty = true
    }

    private func quit(_ keepingFrame: Bool) {
        let last = keepingFrame ? frame : nil
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
