import Foundation
import ShutdownBoard
import ShutdownTrace

/// A text that `drainboard help` prints beside the help of the subcommands.
package enum HelpTopic: String, CaseIterable, Sendable {
    case traceFormat = "trace-format"
    case rulesFormat = "rules-format"
    case verdictFormat = "verdict-format"
    case glossary
    case completions

    package var summary: String {
        switch self {
        case .traceFormat: "The events of a trace, field by field."
        case .rulesFormat: "The rules for the lines of logs, as --rules reads them."
        case .verdictFormat: "The JSON of a verdict, field by field."
        case .glossary: "The words on the screen and in verdicts."
        case .completions: "How a shell completes the command line."
        }
    }

    /// The lines as they are printed.
    package func lines(_ style: TableStyle) -> [String] {
        switch self {
        case .traceFormat: Self.text(PackageResources.TraceFormat_md)
        case .rulesFormat: Self.text(PackageResources.RulesFormat_md)
        case .verdictFormat: Self.text(PackageResources.VerdictFormat_md)
        case .glossary: Self.glossary(style)
        case .completions: Self.scripts
        }
    }

    /// A document of the sources as it is: a line of it may be long, and a table is no paragraph.
    private static func text(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines).components(separatedBy: "\n")
    }

    private static func glossary(_ style: TableStyle) -> [String] {
        let width = Glossary.entries.map(\.term.count).max() ?? 0
        return Glossary.entries.flatMap { entry in
            style.lines(entry.term.padded(right: width) + "   ", entry.meaning, .strong)
        }
    }

    private static let scripts = [
        "drainboard --generate-completion-script bash >~/.local/share/bash-completion/completions/drainboard",
        "drainboard --generate-completion-script zsh >~/.zfunc/_drainboard      # fpath+=~/.zfunc in ~/.zshrc",
        "drainboard --generate-completion-script fish >~/.config/fish/completions/drainboard.fish",
    ]
}
