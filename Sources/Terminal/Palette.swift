internal import Screen

/// How a terminal with so many colours shows each ink of a theme.
struct Palette {
    struct Look: Hashable {
        /// A colour that the terminal has; nil is its own foreground.
        var color: UInt8?
        var emphasis: Style.Emphasis
    }

    private let looks: [Look]

    init(theme: Theme, colors: Colors) {
        looks = Style.Ink.allCases.map { Self.look(theme.paint($0), colors) }
    }

    subscript(ink: Style.Ink) -> Look { looks[Int(ink.rawValue)] }

    private static func look(_ paint: Theme.Paint, _ colors: Colors) -> Look {
        switch colors {
        case .none:
            return Look(emphasis: paint.emphasis)
        case .eight:
            let bright = paint.ansi.map { $0 > 7 } ?? false
            return Look(color: paint.ansi.map { $0 % 8 }, emphasis: bright ? [paint.emphasis, .bold] : paint.emphasis)
        case .sixteen:
            return Look(color: paint.ansi.map { $0 % 16 }, emphasis: paint.emphasis)
        case .twoHundredFiftySix:
            return Look(color: paint.color, emphasis: paint.emphasis)
        }
    }

    /// A frame as lines of text with SGR sequences (ECMA-48, 8.3.117), for the main screen after the dashboard was closed.
    func text(of frame: Frame, isUTF8: Bool) -> String {
        var text = ""
        for (row, line) in frame.lines.enumerated() {
            var style = Style.plain
            var column = 0
            for scalar in line.unicodeScalars {
                while frame[row, column].scalar.value == 0 { column += 1 }
                let next = frame[row, column].style
                if next != style { text += sequence(next) }
                style = next
                text.unicodeScalars.append(isUTF8 || scalar.isASCII ? scalar : "?")
                column += 1
            }
            text += style == .plain ? "\n" : "\u{1B}[m\n"
        }
        return text
    }

    private func sequence(_ style: Style) -> String {
        let look = self[style.ink]
        let color = look.color.map { $0 < 8 ? ["3\($0)"] : ["38", "5", String($0)] } ?? []
        return "\u{1B}[" + (look.emphasis.union(style.emphasis).sgr + color).joined(separator: ";") + "m"
    }
}
