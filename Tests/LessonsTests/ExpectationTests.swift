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
        #expect(zip(subjects, subjects.dropFirst()).count { $0 != $1 } == Lesson.Subject.all.count - 1)
    }
}

@Suite(.timeLimit(.minutes(3))) struct `The lesson of a trace` {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    static let recordings: [URL] = {
        let folder = root.appending(path: "demo/recordings").standardizedFileURL
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }
    }()

    private static func header(_ title: String, _ server: RunFacts.ServerKind? = .demo) -> Header {
        var facts = RunFacts()
        facts.server = server
        return Header(started: "", clock: .zero, title: title, command: "", fields: facts.fields)
    }

    @Test(arguments: Scenario.all, [false, true])
    func `is known by the whole title`(scenario: Scenario, isMended: Bool) throws {
        let title = scenario.title(mended: isMended)
        let shown = try #require(Scenario.shown(in: Self.header(title)))
        #expect(shown.scenario.name == scenario.name && shown.isMended == isMended)
        #expect(Scenario.shown(in: Self.header("\(title), mended, and more")) == nil)
        #expect(Scenario.shown(in: Self.header(title, nil)) == nil)
    }

    @Test(arguments: recordings)
    func `is known in a recording from before there was a word for the demo server`(file: URL) throws {
        var reader = TraceReader()
        let items = reader.read(Array(try Data(contentsOf: file)))
        let headers = items.compactMap { if case .header(let header) = $0 { header } else { nil } }
        let header = try #require(headers.first)
        let shown = try #require(Scenario.shown(in: header))
        #expect(shown.scenario.name == header.title && !shown.isMended)
    }

    @Test func `is looked for in real recordings`() { #expect(Self.recordings.count >= 28) }
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

@Suite(.timeLimit(.minutes(1))) struct `The first signal of a lesson` {
    @Test(arguments: Scenario.all) func `is the one that its text names, and the one that a check sends`(
        scenario: Scenario
    ) {
        #expect(scenario.press.contains(scenario.signal.shortName))
        #expect(LessonSetup(scenario, pace: .checked).signals.first?.signal == scenario.signal)
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The verdicts of the catalogue` {
    @Test(arguments: Scenario.all) func `are all that the proof takes for right`(scenario: Scenario) {
        func words(_ condition: String) -> Set<Verdict.Word>? {
            scenario.verdicts.first { $0.condition == condition }.map { Set($0.words) }
        }
        func taken(_ expected: Lessons.Expectation) -> Set<Verdict.Word> { expected.otherWords.union([expected.word]) }
        let first = scenario.mended == nil ? "as it is" : "broken"
        let alone = taken(scenario.broken.verdict)
        #expect(words(first) == alone)
        #expect((words("\(first), in a deploy") ?? alone) == taken(scenario.broken.verdictInDeploy))
        #expect(words("mended") == scenario.mended.map { taken($0.verdict) })
        #expect(scenario.mended.map { taken($0.verdictInDeploy) == taken($0.verdict) } != false)
    }
}
