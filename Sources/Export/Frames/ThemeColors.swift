internal import Screen

/// The colours of a theme where there is no terminal to choose them.
///
/// The palette is the one of xterm, so that a picture looks like the screen.
struct ThemeColors: Sendable {
    let theme: Theme
    let background: String
    let foreground: String

    init(_ theme: Theme) {
        self.theme = theme
        let isDark = theme == .dark
        background = isDark ? "#15181d" : "#ffffff"
        foreground = isDark ? "#d9dde3" : theme == .light ? "#1f2328" : "#000000"
    }

    /// How a cell of this style looks.
    struct Look: Hashable {
        var color: String
        /// Nil for the picture's own.
        var background: String?
        var isBold: Bool
        var isUnderlined: Bool
    }

    func look(_ style: Style) -> Look {
        let emphasis = style.emphasis.union(theme.paint(style.ink).emphasis)
        let color = color(style.ink)
        let isReverse = emphasis.contains(.reverse)
        return Look(
            color: isReverse ? background : color, background: isReverse ? color : nil,
            isBold: emphasis.contains(.bold), isUnderlined: emphasis.contains(.underline))
    }

    func color(_ ink: Style.Ink) -> String {
        let paint = theme.paint(ink)
        if let index = paint.color { return Self.xterm(index) }
        // Dim text has half the contrast, and is still easy to read.
        guard paint.emphasis.contains(.dim) else { return foreground }
        return theme == .dark ? "#9299a3" : "#5c636b"
    }

    /// A colour of the palette of 256: xterm's 16, the cube of 6×6×6, and 24 greys.
    static func xterm(_ index: UInt8) -> String {
        if index < 16 { return basic[Int(index)] }
        if index >= 232 {
            let grey = hex(8 + 10 * (Int(index) - 232))
            return "#" + grey + grey + grey
        }
        let cube = Int(index) - 16
        return "#" + [cube / 36, cube / 6 % 6, cube % 6].map { hex($0 == 0 ? 0 : 55 + 40 * $0) }.joined()
    }

    private static func hex(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }

    private static let basic = [
        "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5", "#7f7f7f", "#ff0000",
        "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
    ]
}
