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
            watch: scenario.watch, why: scenario.why, mend: scenario.mend, expected: broken.verdict.word.rawValue)
        alsoExpected = Set(broken.verdict.otherWords.map(\.rawValue))
        expectedWhenMended = scenario.mended?.verdict.word.rawValue ?? ""
        explanations = Self.byName(broken.explanations)
        mendedExplanations = Self.byName(scenario.mended?.explanations ?? [:])
    }

    private static func byName(_ texts: [LessonPhase: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: texts.map { ($0.key.name, $0.value) })
    }
}
