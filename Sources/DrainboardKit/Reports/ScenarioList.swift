import Foundation
import Lessons
import ShutdownBoard
import ShutdownTrace

/// The list of all scenarios.
package enum ScenarioList {
    /// A heading for each subject, and a line for each scenario below it.
    package static func lines(_ style: TableStyle) -> [String] {
        let width = Scenario.all.map(\.name.count).max() ?? 0
        return Lesson.Subject.all.flatMap { subject in
            [subject.rawValue]
                + Scenario.all.filter { $0.subject == subject }.flatMap { scenario in
                    style.lines(
                        "  \(scenario.name.padded(right: width))   ",
                        "\(scenario.summary)   (\(scenario.broken.verdict.word.rawValue))")
                }
        }
    }

    /// One object for each scenario.
    ///
    /// - Throws: What the encoder throws.
    package static func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let entries = Scenario.all.map { scenario in
            [
                "name": scenario.name, "subject": scenario.subject.rawValue, "summary": scenario.summary,
                "press": scenario.press, "watch": scenario.watch, "why": scenario.why, "mend": scenario.mend,
                "verdict": scenario.broken.verdict.word.rawValue,
            ]
        }
        return String(decoding: try encoder.encode(entries), as: UTF8.self)
    }
}
