import Foundation
package import ShutdownTrace

/// A line on standard error that says how far a long command is; nothing where standard error is no terminal.
package enum Progress {
    private static let isShown = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Shows a line in the place of the one before.
    package static func show(_ text: String) { write("\r\u{1B}[K\(text)") }

    /// Removes the line.
    package static func clear() { write("\r\u{1B}[K") }

    private static func write(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Shows how far a single run is.
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
