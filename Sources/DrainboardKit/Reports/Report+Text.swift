import Screen
import ShutdownBoard
import ShutdownTrace

/// A report as text for a person.
extension Report {
    package enum Format: String, CaseIterable {
        case text, json, junit
    }

    package func formatted(_ format: Format, ascii: Bool) throws -> String {
        try formatted(format, TableStyle(isColored: false, isASCII: ascii))
    }

    package func formatted(_ format: Format, _ style: TableStyle) throws -> String {
        switch format {
        case .text: text(style).joined(separator: "\n")
        case .json: try Self.json(self)
        case .junit: Self.junit([self])
        }
    }

    private func text(_ style: TableStyle) -> [String] {
        var lines = style.lines("\(verdict)   ", headline, ink) + [""]
        let labels = evidence.map(\.label.count).max() ?? 0
        lines += evidence.flatMap { style.lines($0.label.padded(right: labels) + "   ", $0.text) }
        lines += [""] + paymentLines(style)
        let names = rules.map(\.sentence.count).max() ?? 0
        lines += rules.flatMap { rule in
            let glyph = Self.glyph(rule.held, style.isASCII)
            return style.lines(
                "\(glyph) \(rule.sentence.padded(right: names))   ", rule.evidence, Self.ink(rule.held),
                mark: rule.held == false ? nil : glyph.count)
        }
        lines += [""] + style.lines(lesson)
        if !output.isEmpty {
            lines += ["", style.paint("its last lines", .strong)] + output.flatMap { style.lines("  ", $0) }
        }
        lines += mendingLines(style)
        lines += origin.lines(style)
        if let recording { lines += [""] + style.lines("recorded in \(recording)") }
        return lines
    }

    /// What to do about the most important rules.
    private func mendingLines(_ style: TableStyle) -> [String] {
        guard !toMend.isEmpty else { return [] }
        var lines = ["", style.paint("to mend", .strong)]
        if let framework { lines += style.lines("  ", framework.words) }
        for rule in toMend {
            let width = min(style.width ?? 104, 104)
            lines += style.lines("  not held: ", rule.sentence, .loss)
            lines += Paragraph.lines(rule.advice ?? "", width: width - 4).map { "    " + style.safe($0) }
        }
        return lines
    }

    /// The truth matrix, and the payments that fell into a bad cell of it.
    private func paymentLines(_ style: TableStyle) -> [String] {
        guard let payments else { return [] }
        let table = TextTable(
            [PaymentTable.heads] + payments.rows.map { [$0.belief.rawValue] + $0.cells }, width: style.width)
        return table.lines.map(style.safe)
            + payments.bad.flatMap { style.lines("\(Self.glyph(false, style.isASCII)) ", $0.sentence, .loss) } + [""]
    }

    private var ink: TableStyle.Ink {
        graceful ? .good : verdict == Verdict.Word.inconclusive.rawValue ? .faint : .loss
    }

    private static func ink(_ held: Bool?) -> TableStyle.Ink { held.map { $0 ? .good : .loss } ?? .faint }

    private static func glyph(_ held: Bool?, _ ascii: Bool) -> String {
        switch held {
        case true?: ascii ? "[x]" : "✓"
        case false?: ascii ? "[!]" : "✗"
        case nil: ascii ? "[?]" : "?"
        }
    }
}
