import ArgumentParser
import DrainboardKit

/// `drainboard help`: the help of a subcommand, or one of the other texts that the program carries.
struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract:
            "Print the help of a subcommand, or a topic: \(HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")).",
        discussion: topics
            + """


            Examples:
              drainboard help check
              drainboard help glossary
              drainboard help trace-format
            """)

    @Argument(help: "A subcommand or a topic; without it, the help of the program.")
    var name: String?

    /// A line for each topic.
    private static var topics: String {
        let width = HelpTopic.allCases.map(\.rawValue.count).max() ?? 0
        return HelpTopic.allCases.map { topic in
            topic.rawValue + String(repeating: " ", count: width - topic.rawValue.count + 3) + topic.summary
        }.joined(separator: "\n")
    }

    func run() throws {
        guard let name else { return Console.print(Drainboard.helpMessage()) }
        if let topic = HelpTopic(rawValue: name) {
            return topic.lines(.of(ascii: false)).forEach(Console.print)
        }
        guard let command = Drainboard.configuration.subcommands.first(where: { $0._commandName == name }) else {
            let topics = HelpTopic.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("There is no subcommand and no topic \"\(name)\". The topics are \(topics).")
        }
        Console.print(Drainboard.helpMessage(for: command))
    }
}
