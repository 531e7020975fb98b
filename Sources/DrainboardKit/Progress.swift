import Foundation
package import ShutdownTrace

/// A line on standard error that says how far a long command is; nothing where that is no terminal.
package enum Progress {
    private static let isShown = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Replaces the line.
    package static func show(_ text: String) { write("\r\u{1B}[K\(text)") }

    /// Takes it away.
    package static func clear() { write("\r\u{1B}[K") }

    private static func write(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// How far a single run is, for somebody who waits at a terminal.
    package static func show(_ event: Event) {
        switch try? event.payload {
        case .process(.spawned): show("starting")
        case .process(.serving): show("serving")
        case .signal(.sent(let sent)): show("\(sent.signal.name) sent, waiting for the exit")
        case .process(.exited): show("gone")
        default: break
        }
    }
}
