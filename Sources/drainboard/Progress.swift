internal import Foundation

/// A line on standard error that says how far a long command is; nothing where that is no terminal.
enum Progress {
    private static let isShown = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Replaces the line.
    static func show(_ text: String) { write("\r\u{1B}[K\(text)") }

    /// Takes it away.
    static func clear() { write("\r\u{1B}[K") }

    private static func write(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }
}
