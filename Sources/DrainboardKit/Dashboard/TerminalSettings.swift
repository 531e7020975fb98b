package import Screen
package import Terminal

/// How a terminal is drawn on.
package struct TerminalSettings: Sendable {
    package var color = ColorChoice.auto
    package var theme = Theme.dark
    /// Whether frames and bars are drawn with ASCII only.
    package var ascii = false
    /// Whether the wheel and clicks are reported to the dashboard.
    package var mouse = true
    /// Whether it begins with large letters.
    package var big = false

    package init(
        color: ColorChoice = .auto, theme: Theme = .dark, ascii: Bool = false, mouse: Bool = true, big: Bool = false
    ) {
        self.color = color
        self.theme = theme
        self.ascii = ascii
        self.mouse = mouse
        self.big = big
    }
}
