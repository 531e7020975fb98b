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
        switch event.kind {
        case .processSpawned: show("starting")
        case .processServing: show("serving")
        case .signalSent:
            let name = event.fields.int(.signal).map { Signal(rawValue: Int32($0)).name } ?? "the signal"
            show("\(name) sent, waiting for the exit")
        case .processExited: show("gone")
        default: break
        }
    }
}
