internal import ArgumentParser
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownBoard

/// `drainboard scenarios`: the ways to shut down that the demo server can play.
struct Scenarios: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the ways to shut down that the demo server can play.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "text or json.")
    var format = Format.text

    func run() throws {
        switch format {
        case .text:
            let width = Scenario.all.map(\.name.count).max() ?? 0
            for subject in Scenario.Subject.allCases {
                Console.print("\(subject.rawValue)")
                for scenario in Scenario.all where scenario.subject == subject {
                    let name = scenario.name.padding(toLength: width, withPad: " ", startingAt: 0)
                    Console.print("  \(name)   \(scenario.summary)   (\(scenario.broken.verdict.word.rawValue))")
                }
            }
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            Console.print(String(decoding: try encoder.encode(Scenario.all.map(Entry.init)), as: UTF8.self))
        }
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

extension Lesson {
    /// All that the demo server can play.
    static var all: [Lesson] { Scenario.all.map(Lesson.init) }

    init(_ scenario: Scenario) {
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
