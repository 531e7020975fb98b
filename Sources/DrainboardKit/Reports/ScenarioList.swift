import Foundation
import Lessons
import ShutdownBoard

/// The ways to shut down that the demo server can play, as a list.
package enum ScenarioList {
    /// A heading for each subject, and a line for each scenario below it.
    package static var lines: [String] {
        let width = Scenario.all.map(\.name.count).max() ?? 0
        return Scenario.Subject.allCases.flatMap { subject in
            [subject.rawValue]
                + Scenario.all.filter { $0.subject == subject }.map { scenario in
                    let name = scenario.name.padding(toLength: width, withPad: " ", startingAt: 0)
                    return "  \(name)   \(scenario.summary)   (\(scenario.broken.verdict.word.rawValue))"
                }
        }
    }

    /// One object for each scenario.
    ///
    /// - Throws: What the encoder throws.
    package static func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(Scenario.all.map(Entry.init)), as: UTF8.self)
    }

    private struct Entry: Encodable {
        var name, subject, summary, press, watch, why, mend, verdict: String

        init(_ scenario: Scenario) {
            (name, subject, summary) = (scenario.name, scenario.subject.rawValue, scenario.summary)
            press = scenario.press
            (watch, why, mend) = (scenario.watch, scenario.why, scenario.mend)
            verdict = scenario.broken.verdict.word.rawValue
        }
    }
}
