import Screen

/// How text is printed: with which colours and characters, and how wide.
package struct TableStyle: Sendable {
    package let isColored: Bool
    package let isASCII: Bool
    /// The columns of the terminal; nil where standard output is none, and no line is broken.
    package let width: Int?

    package init(isColored: Bool, isASCII: Bool, width: Int? = nil) {
        self.isColored = isColored
        self.isASCII = isASCII
        self.width = width
    }

    /// Without colours, as wide as the terminal on standard output.
    package static func of(ascii: Bool) -> TableStyle {
        TableStyle(isColored: false, isASCII: ascii, width: Console.width)
    }

    /// Text in one of the terminal's own colours (ECMA-48, SGR), or plain.
    func paint(_ text: String, _ ink: Ink) -> String {
        guard isColored, ink != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// The words of a cell say the same, for a person who cannot see the colours.
    enum Ink: String {
        case plain = "0"
        case good = "34"
        case risk = "33"
        case loss = "1;31"
        case faint = "2"
        case strong = "1"
    }

    /// A paragraph, broken at its blanks where the terminal is not wide enough.
    ///
    /// - Parameters:
    ///   - lead: Stands before its first line; the others begin below its end.
    ///   - text: The rest.
    ///   - leadInk: The colour of the lead, or of its mark.
    ///   - mark: How many characters at its beginning are a mark that alone is coloured; nil colours all of it.
    ///   - ink: The colour of the rest.
    /// - Returns: Its lines.
    func lines(
        _ lead: String, _ text: String, _ leadInk: Ink = .plain, mark: Int? = nil, _ ink: Ink = .plain
    ) -> [String] {
        let lead = Console.safe(lead, ascii: isASCII)
        let text = Console.safe(text, ascii: isASCII)
        func painted(_ lead: String) -> String {
            let count = mark ?? lead.count
            return paint(String(lead.prefix(count)), leadInk) + lead.dropFirst(count)
        }
        guard let width else { return [painted(lead) + paint(text, ink)] }
        guard width - lead.count >= min(Self.narrowest, width) || lead.count + text.count <= width else {
            // A narrow column is harder to read than a line of its own.
            return [painted(lead.withoutBlanksAtEnd)]
                + Self.paragraph(text, width: width - 4).map { "    " + paint($0, ink) }
        }
        let parts = Self.paragraph(text, width: min(width - lead.count, Self.widest))
        return parts.enumerated().map { index, part in
            (index == 0 ? painted(lead) : String(repeating: " ", count: lead.count)) + paint(part, ink)
        }
    }

    /// A paragraph without a lead.
    package func lines(_ text: String) -> [String] { lines("", text) }

    /// Lines at whose ends no number is parted from its unit.
    private static func paragraph(_ text: String, width: Int) -> [String] {
        let joined = text.replacing(/(\d) (?=(?:s|ms|µs)\b)/) { "\($0.output.1)\u{A0}" }
        return Paragraph.lines(joined, width: width).map { line in
            line.replacing("\u{A0}", with: " ").withoutBlanksAtEnd
        }
    }

    /// Of a column beside another, and of a paragraph.
    private static let narrowest = 18, widest = 100

    /// A line of text from outside or from a table, made safe.
    func safe(_ text: String) -> String { Console.safe(text, ascii: isASCII) }
}
