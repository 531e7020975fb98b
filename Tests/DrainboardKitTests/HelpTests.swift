import ArgumentParser
import DrainboardKit
import Foundation
import ShutdownBoard
import Testing

@testable import drainboard

@Suite(.timeLimit(.minutes(20))) struct `The help` {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    static let documents: [(HelpTopic, String)] = [
        (.traceFormat, "ShutdownTrace/ShutdownTrace.docc/TraceFormat.md"),
        (.rulesFormat, "LogImport/LogImport.docc/RulesFormat.md"),
        (.verdictFormat, "ShutdownBoard/ShutdownBoard.docc/VerdictFormat.md"),
    ]

    @Test(arguments: documents) func `prints the documents of the sources`(topic: HelpTopic, file: String) throws {
        let text = try String(contentsOf: Self.sources.appending(path: file), encoding: .utf8)
        let printed = topic.lines(TableStyle(isColored: false, isASCII: false, width: 80)).joined(separator: "\n")
        #expect(printed.count > 1_000)
        #expect(printed == text.trimmingCharacters(in: .newlines))
    }

    static let commands: [any ParsableCommand.Type] = Drainboard.configuration.subcommands

    /// The command lines of this program among the examples.
    private func examples(_ command: any ParsableCommand.Type) -> [[String]] {
        let text = Drainboard.helpMessage(for: command, columns: 200)
        let lines = text.components(separatedBy: "\n").drop { $0 != "Examples:" }.prefix { !$0.isEmpty }
        return lines.flatMap { $0.components(separatedBy: " | ") }.compactMap { line in
            let words = line.split(separator: " ").map { $0.trimmingCharacters(in: ["'"]) }
            return words.first == "drainboard" ? Array(words.dropFirst()) : nil
        }
    }

    @Test func `has an example for every subcommand, which can be typed`() {
        for command in Self.commands {
            let examples = examples(command)
            #expect(!examples.isEmpty, "\(command)")
            #expect(examples.contains { $0.first == command._commandName }, "\(command)")
            for words in examples { #expect(throws: Never.self) { try Drainboard.parseAsRoot(words) } }
        }
    }

    @Test func `has lines that a terminal of 80 columns does not break again`() {
        for command in Self.commands {
            let text = Drainboard.helpMessage(for: command, columns: 80)
            let overview = text.components(separatedBy: "USAGE:")[0].components(separatedBy: "\n")
            #expect(overview.allSatisfy { $0.count <= 80 }, "\(command)")
            // A paragraph that was broken in the source is broken twice: a short line in its middle.
            for (line, next) in zip(overview, overview.dropFirst()) where !line.isEmpty && line.count < 50 {
                let isLast = next.isEmpty || next.hasPrefix(" ") || line.hasPrefix(" ") || line == "Examples:"
                #expect(isLast, "\(line)|\(next)")
            }
        }
    }

    /// What has no default: without it there is none of it.
    static let without: Set = [
        "--url", "--header", "--body", "--websocket", "--record", "--rules", "--frame", "--behind-balancer", "--then",
        "--help", "--version",
    ]

    @Test func `says the default of every option`() {
        for command in Self.commands {
            let text = Drainboard.helpMessage(for: command, columns: 400)
            for line in text.components(separatedBy: "\n") where line.hasPrefix("  -") && line.contains("<") {
                let names = line.split(separator: " ").filter { $0.hasPrefix("--") }.map(String.init)
                guard Self.without.isDisjoint(with: names), !(command == ExportCommand.self && names == ["--to"]) else {
                    continue
                }
                #expect(line.contains("default"), "\(command): \(line)")
            }
        }
    }

    @Test func `names every topic and says what each is`() {
        let help = Drainboard.helpMessage(columns: 200)
        for topic in HelpTopic.allCases {
            #expect(help.contains(topic.rawValue))
            #expect(Drainboard.helpMessage(for: HelpCommand.self, columns: 200).contains(topic.summary))
        }
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The glossary` {
    private let terms = Glossary.entries.map(\.term)

    @Test func `has each word once, in order`() {
        #expect(terms == terms.sorted())
        #expect(Set(terms).count == terms.count)
    }

    @Test func `has the words of the screen`() {
        let words = [
            "rotation", "readiness", "lead", "lag", "grace", "supervisor", "listener", "acknowledged", "ledger",
            "checkpointed", "write-ahead log", "1001", "1006", "elsewhere", "handed back", "gate", "accept queue",
            "outbox", "drain overhead", "cut", "reset", "reset early", "no answer", "refused",
        ]
        for word in words { #expect(terms.contains(word), "\(word)") }
    }

    @Test(arguments: [60, 80, 120]) func `fits the terminal`(width: Int) {
        let lines = HelpTopic.glossary.lines(TableStyle(isColored: false, isASCII: false, width: width))
        #expect(lines.allSatisfy { $0.count <= width })
    }
}
