import Foundation
import Platform
package import ShutdownTrace
import Synchronization

/// A line on standard error that says how far a long command is; nothing where standard error is no terminal.
package enum Progress {
    private static let isShown = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    private struct Shown: Sendable {
        var text = ""
        var since = Time.zero
        var isTicking = false
    }

    private static let shown = Mutex(Shown())

    /// Shows a line in the place of the one before, and how long it has stood there.
    package static func show(_ text: String) {
        guard isShown else { return }
        let starts = shown.withLock { shown in
            if shown.text != text { shown.since = Clock.now() }
            shown.text = text
            write(shown)
            defer { shown.isTicking = true }
            return !shown.isTicking
        }
        if starts { startThread(named: "progress") { tick() } }
    }

    /// Shows a bar.
    package static func show(_ done: Int, of count: Int, _ what: String) {
        show("\(bar(done, of: count)) \(done) of \(count) \(what)")
    }

    static func bar(_ done: Int, of count: Int) -> String {
        let columns = 20
        let full = columns * done / max(1, count)
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: columns - full) + "]"
    }

    /// Removes the line.
    package static func clear() {
        guard isShown else { return }
        shown.withLock { shown in
            guard !shown.text.isEmpty else { return }
            shown.text = ""
            write(shown)
        }
    }

    private static func tick() {
        while true {
            usleep(1_000_000)
            shown.withLock { if !$0.text.isEmpty { write($0) } }
        }
    }

    private static func write(_ shown: Shown) {
        let seconds = (Clock.now() - shown.since).microseconds / 1_000_000
        let time = shown.text.isEmpty || seconds < 1 ? "" : "  \(seconds) s"
        _ = writeAll(Array("\r\u{1B}[K\(shown.text)\(time)".utf8), to: STDERR_FILENO)
    }

    /// Shows how far a single run is.
    package static func show(_ event: Event) {
        switch try? event.payload {
        case .process(.spawned): show("starting the server")
        case .process(.serving): show("serving, waiting for work in flight")
        case .signal(.sent(let sent)): show("\(sent.signal.name) sent, waiting for the exit")
        case .process(.exited): show("gone, looking at what is left")
        default: break
        }
    }
}
