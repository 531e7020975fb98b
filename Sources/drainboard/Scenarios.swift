import ArgumentParser
import DrainboardKit

/// `drainboard scenarios`: the ways to shut down that the demo server can play.
struct Scenarios: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the ways to shut down that the demo server can play.",
        discussion: """
            Examples:
              drainboard scenarios
              drainboard scenarios --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "text or json.")
    var format = Format.text

    func run() throws {
        switch format {
        case .text: for line in ScenarioList.lines(TableStyle.of(ascii: false)) { Console.print(line) }
        case .json: Console.print(try ScenarioList.json())
        }
    }
}
