/// How a table is printed.
package struct TableStyle: Sendable {
    package let isColored: Bool
    package let isASCII: Bool

    package init(isColored: Bool, isASCII: Bool) {
        self.isColored = isColored
        self.isASCII = isASCII
    }

    /// Text in one of the terminal's own colours (ECMA-48, SGR), or plain.
    func paint(_ text: String, _ ink: Ink) -> String {
        guard isColored, ink != .plain else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// The words of a cell say the same, for a person who cannot see the colours.
    enum Ink: String {
        case plain = "0"
        case good = "34"
        case risk = "33"
        case loss = "1;31"
        case faint = "2"
    }
}
