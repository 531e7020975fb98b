internal import ArgumentParser
internal import Foundation
internal import Screen

/// How a table is printed.
struct LookOptions: ParsableArguments {
    @Option(help: "auto, always or never.")
    var color = When.auto

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    enum When: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    var isColored: Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto:
            isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
                && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        }
    }

    /// Text in one of the terminal's own colours (ECMA-48, SGR), or plain.
    func paint(_ text: String, _ ink: Ink) -> String {
        guard isColored, ink != .plain else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// Blue and orange can be told apart by every eye; the words say it too.
    enum Ink: String {
        case plain = "0"
        case good = "34"
        case risk = "33"
        case loss = "1;31"
        case faint = "2"
    }
}
