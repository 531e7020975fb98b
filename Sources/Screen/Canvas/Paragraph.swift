internal import ShutdownTrace

/// Text broken into lines at its blanks.
package enum Paragraph {
    /// Lines of at most `width` columns; a longer word is left to be cut.
    ///
    /// Line ends in the text stay.
    package static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrap(String($0), width) }
    }

    private static func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var columns = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let length = printableWidth(String(word))
            if columns > 0, columns + 1 + length > width {
                lines.append(line)
                line = ""
                columns = 0
            }
            if columns > 0 {
                line += " "
                columns += 1
            }
            line += word
            columns += length
        }
        lines.append(line)
        return lines
    }
}
