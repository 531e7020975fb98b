package import Lessons
package import Screen
import ShutdownBoard
package import ShutdownTrace

/// The lessons in the form in which the screen shows them.
extension Lesson {
    /// All lessons of the demo server.
    package static var all: [Lesson] { Scenario.all.map(Lesson.init) }

    package init(_ scenario: Scenario) {
        let broken = scenario.broken
        self.init(
            name: scenario.name, subject: scenario.subject.rawValue, summary: scenario.summary, press: scenario.press,
            watch: scenario.watch, why: scenario.why, mend: scenario.mend, expected: broken.verdict.word)
        alsoExpected = broken.verdict.otherWords
        expectedWhenMended = scenario.mended?.verdict.word
        explanations = broken.explanations
        mendedExplanations = scenario.mended?.explanations ?? [:]
    }
}

extension Playing {
    /// The lesson of a recorded run of the demo server; nil for any other server.
    package init?(recordedIn header: Header?) {
        guard let lesson = header?.lesson, let scenario = Scenario(named: lesson.name) else { return nil }
        self.init(Lesson(scenario), isMended: lesson.isMended)
    }
}
