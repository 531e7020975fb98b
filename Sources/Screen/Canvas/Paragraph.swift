internal import ShutdownTrace

/// Text broken into lines at its blanks.
package enum Paragraph {
    /// Lines of at most `width` columns; a longer word is left to be cut, or is broken.
    ///
    /// Line ends in the text stay.
    package static func lines(_ text: String, width: Int, breakingWords: Bool = false) -> [String] {
        guard width > 0 else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            wrap(String($0), width, breakingWords)
        }
    }

    private static func wrap(_ text: String, _ width: Int, _ breakingWords: Bool) -> [String] {
        var lines: [String] = []
        var line = ""
        var columns = 0
        let words = text.split(separator: " ", omittingEmptySubsequences: false).flatMap {
            breakingWords ? pieces($0, width) : [String($0)]
        }
        for word in words {
            let length = printableWidth(word)
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

    /// The word, in pieces where it is longer than a line.
    private static func pieces(_ word: Substring, _ width: Int) -> [String] {
        guard printableWidth(String(word)) > width else { return [String(word)] }
        var pieces = [""]
        for character in word {
            let longer = (pieces.last ?? "") + String(character)
            if printableWidth(longer) > width, pieces.last != "" {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1] = longer
            }
        }
        return pieces
    }
}
