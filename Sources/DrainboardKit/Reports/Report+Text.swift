import ShutdownBoard
import ShutdownTrace

/// A report as text for a person.
extension Report {
    package enum Format: String, CaseIterable {
        case text, json, junit
    }

    package func formatted(_ format: Format, ascii: Bool) throws -> String {
        switch format {
        case .text: text(ascii: ascii)
        case .json: try Self.json(self)
        case .junit: Self.junit([self])
        }
    }

    private func text(ascii: Bool) -> String {
        var lines = ["\(verdict)   \(headline)", ""]
        let labels = evidence.map(\.label.count).max() ?? 0
        lines += evidence.map { $0.label.padded(right: labels) + "   " + $0.text }
        lines += [""] + paymentLines(ascii)
        let names = rules.map(\.sentence.count).max() ?? 0
        lines += rules.map { "\(Self.glyph($0.held, ascii)) \($0.sentence.padded(right: names))   \($0.evidence)" }
        lines += ["", lesson]
        if !output.isEmpty { lines += ["", "its last lines"] + output.map { "  \($0)" } }
        if !toMend.isEmpty { lines += ["", "to mend"] }
        if !toMend.isEmpty, let framework { lines.append("  \(framework.words)") }
        for rule in toMend {
            lines += ["  not held: \(rule.sentence)"] + Self.wrapped(rule.advice ?? "").map { "    \($0)" }
        }
        if let recording { lines += ["", "recorded in \(recording)"] }
        return lines.map { Console.safe($0, ascii: ascii) }.joined(separator: "\n")
    }

    /// The truth matrix, and the payments that fell into a bad cell of it.
    private func paymentLines(_ ascii: Bool) -> [String] {
        guard let payments else { return [] }
        let table = TextTable([PaymentTable.heads] + payments.rows.map { [$0.belief.rawValue] + $0.cells })
        return table.lines + payments.bad.map { "\(Self.glyph(false, ascii)) \($0.sentence)" } + [""]
    }

    /// The text in lines of at most 100 characters, as far as its words allow.
    static func wrapped(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + word.count < 100 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private static func glyph(_ held: Bool?, _ ascii: Bool) -> String {
        switch held {
        case true?: ascii ? "[x]" : "✓"
        case false?: ascii ? "[!]" : "✗"
        case nil: ascii ? "[?]" : "?"
        }
    }
}
