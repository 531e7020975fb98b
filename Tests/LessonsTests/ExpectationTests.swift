import Experiment
import Foundation
import Lessons
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(3))) struct `The catalogue` {
    /// The names of the files that have a lesson each.
    private static func files() throws -> [String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Lessons")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.standardized.path)
            .filter { $0.contains("/") && $0.hasSuffix(".swift") }
            .map { String($0.split(separator: "/")[1].dropLast(".swift".count)).lowercased() }
    }

    @Test func `has each lesson that has a file`() throws {
        let named = Scenario.all.map { $0.name.split(separator: "-").joined() }
        #expect(try Self.files().sorted() == named.sorted())
    }

    @Test func `keeps the lessons of a subject together`() {
        let subjects = Scenario.all.map(\.subject)
        #expect(zip(subjects, subjects.dropFirst()).count { $0 != $1 } == Scenario.Subject.allCases.count - 1)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `What a lesson must show` {
    @Test(arguments: Scenario.all)
    func `is something that fails, and nothing once it is mended`(scenario: Scenario) {
        #expect(scenario.broken.verdict.fails.isEmpty == (scenario.name == "polite"))
        #expect((scenario.mended == nil) == (scenario.name == "polite"))
        let mended = scenario.server(mended: true).verdict
        if scenario.name != "charged-twice" { #expect(mended.fails.isEmpty && mended.mayFail.isEmpty) }
        #expect(!mended.fails.contains(.noPaymentTwice) && !mended.mayFail.contains(.noPaymentTwice))
    }

    @Test func `names what surprised`() {
        let verdict = Judge(Board(header: nil, [])).verdict
        let surprises = Scenario.polite.server(mended: true).verdict.surprises(in: verdict)
        #expect(surprises == ["INCONCLUSIVE instead of GRACEFUL"])
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The setup of a lesson` {
    @Test(arguments: Scenario.all)
    func `is completed by a signal that comes by itself when nobody watches`(scenario: Scenario) {
        #expect(!LessonSetup(scenario, pace: .checked).signals.isEmpty)
        #expect(LessonSetup(scenario, pace: .watched).signals.allSatisfy { $0.since == .spawn })
    }

    @Test(arguments: Scenario.all)
    func `tells the server which scenario it plays`(scenario: Scenario) {
        #expect(LessonSetup(scenario, pace: .checked).arguments.starts(with: ["--scenario", scenario.name]))
        #expect(LessonSetup(scenario, isMended: true, pace: .checked).arguments.contains("--mended"))
        #expect(!LessonSetup(scenario, pace: .checked).arguments.contains("--mended"))
    }

    @Test func `takes another signal where somebody wants one`() {
        #expect(LessonSetup(.polite, pace: .checked, signal: .kill).signals.map(\.signal) == [.kill])
        #expect(LessonSetup(.terminalGone, pace: .checked).signals.map(\.signal) == [.hangup])
    }

    @Test func `grants a mended server what its limits need`() {
        let broken = LessonSetup(.graceMismatch, pace: .checked)
        let mended = LessonSetup(.graceMismatch, isMended: true, pace: .checked)
        #expect(broken.grace < broken.budgets.grace)
        #expect(mended.grace >= mended.budgets.grace)
    }
}
