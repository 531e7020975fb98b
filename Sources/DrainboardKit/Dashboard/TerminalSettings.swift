package import Screen
package import Terminal

/// How a terminal is drawn on.
package struct TerminalSettings: Sendable {
    package var color = ColorChoice.auto
    package var theme = Theme.dark
    /// Whether frames and bars are drawn with ASCII only.
    package var ascii = false

    package init(color: ColorChoice = .auto, theme: Theme = .dark, ascii: Bool = false) {
        self.color = color
        self.theme = theme
        self.ascii = ascii
    }
}
