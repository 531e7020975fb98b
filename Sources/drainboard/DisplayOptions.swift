internal import ArgumentParser
import DrainboardKit
import Foundation
import Screen
import Terminal

/// How the dashboard looks, and whether there is one.
struct DisplayOptions: ParsableArguments {
    @Flag(help: "Line by line instead of a screen; readable by a screen reader. Also DRAINBOARD_PLAIN=1.")
    var plain = false

    @Option(help: "auto respects NO_COLOR and the terminal.")
    var color = ColorChoice.auto

    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    @Flag(help: "The few facts that matter in large letters, to be read from afar; b changes it.")
    var big = false

    @Flag(help: "Leave the mouse to the terminal: no wheel, no clicks.")
    var noMouse = false

    @Option(help: ArgumentHelp("dark, light or monochrome.", valueName: "name"))
    var theme = "dark"

    func validate() throws { _ = try Theme.find(theme) }

    var settings: TerminalSettings {
        get throws { TerminalSettings(color: color, theme: try .find(theme), ascii: ascii, mouse: !noMouse, big: big) }
    }

    /// Plain output was asked for, or standard output is no terminal.
    var isPlain: Bool {
        plain || !(ProcessInfo.processInfo.environment["DRAINBOARD_PLAIN"] ?? "").isEmpty || isatty(STDOUT_FILENO) == 0
    }

    /// Whether only ASCII may be printed: asked for, or the locale is not UTF-8.
    var isASCII: Bool {
        if ascii { return true }
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        return !locale.uppercased().contains("UTF-8") && !locale.uppercased().contains("UTF8")
    }
}

extension ColorChoice: ExpressibleByArgument {}

extension Theme {
    /// Finds a theme by its name.
    ///
    /// - Throws: `ValidationError`, which names all themes.
    static func find(_ name: String) throws -> Theme {
        if let theme = all.first(where: { $0.name == name }) { return theme }
        let names = all.map(\.name).joined(separator: ", ")
        throw ValidationError("There is no theme \"\(name)\". Choose one of: \(names).")
    }
}
