import Foundation
import Platform
package import Player
import Screen
import ShutdownBoard
package import ShutdownTrace
package import Terminal

/// The dashboard on a terminal: one loop on the main thread that takes inputs and news, and paints.
package final class Dashboard {
    private let terminal: Terminal
    private let open: (LessonRun?) throws -> DashboardSource
    private let capabilities: Screen.Capabilities
    private var state: DashboardState

    /// Opens what is to be shown, and then the terminal.
    ///
    /// - Parameters:
    ///   - settings: How it looks.
    ///   - keys: Where keys come from.
    ///   - lesson: The lesson that is played first; nil for a recording, a stream and any other server.
    ///   - moment: Where a recording stands still; nil plays it from its start.
    ///   - speed: How fast it plays.
    ///   - open: Opens what is shown, again for each new run.
    /// - Throws: `Failure` where there is no usable terminal or nothing to show.
    package init(
        _ settings: TerminalSettings, keys: KeySource = .standardInput, playing lesson: LessonRun? = nil,
        at moment: Time? = nil, speed: Speed = Speed(),
        open: @escaping (LessonRun?, DeferredWakeup) throws -> DashboardSource
    ) throws {
        Terminal.prepareProcess()
        let wakeup = DeferredWakeup()
        self.open = { try open($0, wakeup) }
        let source = try open(lesson, wakeup)
        do {
            terminal = try Terminal.open(
                keys: keys, color: settings.color, theme: settings.theme, ascii: settings.ascii,
                mouse: settings.mouse)
        } catch {
            source.finish()
            throw Failure(error.description)
        }
        capabilities = Screen.Capabilities(isUTF8: terminal.capabilities.isUTF8)
        terminal.stopping = Spawning.exclude
        let waker = terminal.waker
        wakeup.connect { waker.wake() }
        state = DashboardState(source, theme: settings.theme, isBig: settings.big, at: Self.now)
        state.begin(at: moment, speed: speed)
    }

    /// CLOCK_MONOTONIC, as the state counts.
    private static var now: Time { .seconds(Terminal.now) }

    /// Shows runs until the person quits, and leaves a summary on the terminal.
    ///
    /// - Throws: `Failure` when a run could not be made, or the input can never be shown.
    package func run() throws {
        do {
            while try takeInput() { state.continueSearch(at: Self.now) }
        } catch {
            terminal.close()
            throw error
        }
    }

    /// Paints, and waits for an input; false when the person has quit.
    private func takeInput() throws -> Bool {
        try state.update(at: Self.now)
        if let frame = state.nextFrame(at: Self.now, on: terminal.size, capabilities) { terminal.present(frame) }
        switch terminal.next(until: state.deadline?.seconds) {
        case .key(let key):
            crashIfAsked(key)
            return try perform(state.press(key, at: Self.now, on: terminal.size))
        case .pasted(let paste): state.paste(paste, at: Self.now)
        case .resized, .resumed: state.pacing.hurry()
        case .signal(let number): die(by: number)
        case .closed: die(by: SIGHUP)
        case .timedOut, .woken: state.pacing.note()
        }
        return true
    }

    private func perform(_ step: DashboardState.Step) throws -> Bool {
        switch step {
        case .goOn: break
        case .suspend: terminal.suspend()
        case .start(let lesson):
            state.source.finish()
            state.show(try open(lesson))
        case .quit(let keepingFrame):
            quit(keepingFrame)
            return false
        }
        return true
    }

    private func quit(_ keepingFrame: Bool) {
        let last = keepingFrame ? state.frame(on: terminal.size, capabilities) : nil
        // What the person saw, before the server is ended with the dashboard.
        let head = state.player.timeline.head
        if state.source.run?.isOver == false {
            state.say("Ending the server and looking at what it leaves: 5 s at most.")
            terminal.present(state.frame(on: terminal.size, capabilities))
        }
        state.source.finish()
        let summary = Summary(state.source, quitWhile: head.process.isGone ? nil : head.phase)
        // The terminal may not be read any more: what is said last must not wait for it.
        let faults = state.source.run?.faults ?? []
        let areOnScreen = isatty(STDERR_FILENO) != 0
        terminal.close(keeping: last, saying: summary.lines + (areOnScreen ? faults : []))
        if !areOnScreen { for fault in faults { Console.error(fault) } }
    }

    private func die(by signal: Int32) -> Never {
        state.source.finish()
        terminal.close()
        Terminal.die(by: signal)
    }

    /// Crashes where an environment variable asks for it: tests see that the terminal survives.
    private func crashIfAsked(_ key: Key) {
        guard key == .character("!"), let name = ProcessInfo.processInfo.environment["DRAINBOARD_TEST_CRASH"],
            let crash = Terminal.Crash(rawValue: name)
        else { return }
        Terminal.crash(crash)
    }
}
