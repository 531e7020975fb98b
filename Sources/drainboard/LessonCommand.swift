import ArgumentParser
import DrainboardKit
import Lessons

/// `drainboard lesson NAME`: one scenario as a text that can be read aloud, or opened in the dashboard.
struct LessonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lesson",
        abstract: "Tell one scenario as a text that can be read aloud, or open it in the dashboard.",
        discussion: """
            With --plain, or when standard output is no terminal: what the lesson is about, what to press, what happens in \
            each phase, why, how to mend it, and both verdicts. Otherwise the same as demo --scenario NAME. Without a name \
            the lessons are listed.

            Examples:
              drainboard lesson
              drainboard lesson charged-twice
              drainboard lesson charged-twice --plain
            """)

    @Argument(help: "Which scenario (default: list all of them).")
    var name: String?

    @OptionGroup var display: DisplayOptions

    func validate() throws { _ = try name.map(Scenario.find) }

    func run() throws {
        let style = TableStyle.of(ascii: display.isASCII)
        guard let name else {
            for line in ScenarioList.lines(style) { Console.print(line) }
            return Console.print("\ndrainboard lesson NAME opens one.")
        }
        let scenario = try Scenario.find(name)
        guard display.isPlain else {
            var demo = try Demo.parse(["--scenario", name])
            demo.display = display
            return try demo.run()
        }
        for line in LessonText(scenario).lines.flatMap(style.lines) { Console.print(line) }
    }
}
