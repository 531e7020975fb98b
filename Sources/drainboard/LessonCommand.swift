internal import ArgumentParser
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownTrace

/// `drainboard lesson NAME`: one scenario told as a text that can be read aloud, or opened in the dashboard.
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
        for line in Lecture(scenario).lines { Console.print(display.isASCII ? asciiOnly(line) : line) }
    }
}

/// A lesson as paragraphs for the ear: short sentences, no drawing, no quotes that only the eye sees.
private struct Lecture {
    let scenario: Scenario
    private let lesson: Lesson

    init(_ scenario: Scenario) { (self.scenario, lesson) = (scenario, Lesson(scenario)) }

    var lines: [String] {
        let course = [("What to press", lesson.press), ("What to watch", lesson.watch)]
        let cure = [("Why it happens", lesson.why), ("How to mend it", lesson.mend)]
        return ["Lesson \(lesson.name), on \(lesson.subject).", Self.spoken(lesson.summary)]
            + course.flatMap(Self.part) + Self.phases("What happens", lesson.explanations) + cure.flatMap(Self.part)
            + (lesson.canBeMended ? Self.phases("What happens in the mended server", lesson.mendedExplanations) : [])
            + Self.part("The verdict", verdict)
    }

    private var verdict: String {
        let asIs = "\(Self.words(lesson.expected))."
        guard lesson.canBeMended else { return asIs }
        return "Broken: \(asIs) Mended: \(Self.words(lesson.expectedWhenMended))."
    }

    private static func part(_ title: String, _ text: String) -> [String] { ["", title + ".", spoken(text)] }

    private static func phases(_ title: String, _ texts: [String: String]) -> [String] {
        let known = LessonPhase.all.map(\.name).compactMap { phase in
            texts[phase].map { "\(phase.capitalizedFirst): \(spoken($0))" }
        }
        return known.isEmpty ? [] : ["", title + "."] + known
    }

    /// A verdict's word as it is said.
    private static func words(_ verdict: String) -> String { verdict.lowercased().replacing("-", with: " ") }

    /// A text as a sentence, without the marks that a voice would spell out.
    private static func spoken(_ text: String) -> String {
        let plain = text.filter { !"`\"".contains($0) }
        return plain.capitalizedFirst + (plain.hasSuffix(".") ? "" : ".")
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
