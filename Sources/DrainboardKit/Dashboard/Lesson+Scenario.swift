package import Lessons
package import Screen
import ShutdownBoard

/// Scenarios as the screen shows them.
extension Lesson {
    /// All that the demo server can play.
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
