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
            each phase, why, how to mend it, and both verdicts. Otherwise the same as demo --scenario NAME.
            """)

    @Argument(help: "Which scenario; drainboard scenarios lists them.")
    var name: String

    @OptionGroup var display: DisplayOptions

    func validate() throws { _ = try Scenario.find(name) }

    func run() throws {
        let scenario = try Scenario.find(name)
        guard display.isPlain else {
            var demo = try Demo.parse(["--scenario", name])
            demo.display = display
            return try demo.run()
        }
        for line in LessonText(scenario).lines { Console.print(Console.safe(line, ascii: display.isASCII)) }
    }
}
