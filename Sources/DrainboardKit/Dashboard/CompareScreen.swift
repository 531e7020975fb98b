import Foundation
import Player
import Screen
import ShutdownBoard
package import ShutdownTrace
import Terminal

/// Two runs on the terminal: one loop that takes keys, moves the one playhead and paints both.
package final class CompareScreen {
    private let terminal: Terminal
    private var runs: ComparedRuns
    private var view: View

    /// - Throws: `Failure` where there is no usable terminal.
    package init(_ runs: ComparedRuns, _ settings: TerminalSettings, at moment: Time?) throws {
        self.runs = runs
        view = self.runs.view(at: Self.now)
        do {
            terminal = try Terminal.open(
                color: settings.color, theme: settings.theme, ascii: settings.ascii)
        } catch { throw Failure(error.description) }
        self.runs.perform(moment.map(Move.to) ?? .toggle, at: Self.now)
    }

    private static var now: Time { .seconds(Terminal.now) }

    /// Shows both until the person leaves; a signal that asks the process to end does end it.
    ///
    /// - Returns: The columns of the terminal; nil where the person left the picture on it instead of the differences.
    package func run() -> Int? {
        while true {
            let now = Self.now
            view.transport = runs.transport(at: now)
            terminal.present(
                runs.frame(view, at: now, size: terminal.size, isUTF8: terminal.capabilities.isUTF8))
            // While nothing moves, only an input changes the picture.
            switch terminal.next(until: runs.playhead.isPlaying ? Terminal.now + 0.05 : nil) {
            case .key(let key):
                guard let isKept = press(key) else { break }
                let last = runs.frame(view, at: now, size: terminal.size, isUTF8: terminal.capabilities.isUTF8)
                terminal.close(keeping: isKept ? last : nil)
                return isKept ? nil : terminal.size.columns
            case .pasted(let paste): view.notice = paste.isWhole ? nil : Notice.brokenPaste
            case .signal(let number): end(by: number)
            case .closed: end(by: SIGHUP)
            case .resized, .resumed, .timedOut, .woken: break
            }
        }
    }

    /// Does what a key means; when it leaves, whether the picture stays.
    private func press(_ key: Key) -> Bool? {
        let board = runs.left.timeline.head
        view.notice = nil
        switch view.press(key, on: board, now: board.time, size: terminal.size) {
        case .quit(let keepingFrame): return keepingFrame
        case .suspend: terminal.suspend()
        case .move(let move): runs.perform(move, at: Self.now)
        default: break
        }
        return nil
    }

    private func end(by signal: Int32) -> Never {
        terminal.close()
        Terminal.die(by: signal)
    }
}
