import Clients
import Experiment
import Foundation
import Lessons
import Screen
import ShutdownBoard
import ShutdownTrace
import Testing

@testable import DrainboardKit

@Suite(.timeLimit(.minutes(20))) struct `A lesson that is played` {
    private func run(_ setting: Lesson.Setting, isMended: Bool = false, lead: Double? = nil) throws -> LessonRun {
        LessonRun(try #require(Scenario.all.first { $0.sliders.contains(setting) }), isMended: isMended, lead: lead)
    }

    @Test func `has a slider for each thing that it lets a person change`() {
        for scenario in Scenario.all {
            #expect(LessonRun(scenario).playing.sliders.map(\.setting) == scenario.sliders)
        }
    }

    @Test func `tells the server of another lead`() throws {
        var run = try run(.lead)
        #expect(run.slide(.lead, to: 1) == .lead(.seconds(0.25)))
        #expect(run.sliders.first { $0.setting == .lead }?.label == "0.25 s")
    }

    @Test func `has the lead that a person named among its positions`() throws {
        let run = try run(.lead, lead: 0.7)
        #expect(run.sliders.first { $0.setting == .lead }?.label == "0.7 s")
    }

    @Test func `lets the balancer notice within the lag`() throws {
        var run = try run(.lag)
        #expect(run.slide(.lag, to: 0) == .balancer(BalancerPlan(interval: .seconds(0.1), threshold: 2)))
    }

    @Test func `grants the grace period of another supervisor`() throws {
        var run = try run(.supervisor)
        #expect(run.slide(.supervisor, to: 1) == .grace(.seconds(10)))
        var setup = LessonSetup(run.scenario, pace: .watched)
        run.apply(to: &setup)
        #expect(setup.grace == .seconds(10))
    }

    @Test func `has no other slider and no other position`() throws {
        var run = try run(.lead)
        #expect(run.slide(.supervisor, to: 0) == nil)
        #expect(run.slide(.lead, to: 99) == nil)
    }

    @Test(arguments: Scenario.all) func `is read aloud without a mark that only the eye sees`(scenario: Scenario) {
        let lines = LessonText(scenario).lines
        #expect(lines[0].hasPrefix("Lesson \(scenario.name), on "))
        #expect(!lines.contains { $0.contains("`") || $0.contains("\"") })
        #expect(lines.last?.contains("Mended: ") == (scenario.mended != nil))
    }

    @Test func `is listed under its subject with its verdict`() throws {
        let lines = ScenarioList.lines(TableStyle(isColored: false, isASCII: false))
        #expect(lines.count == Scenario.all.count + Lesson.Subject.all.count)
        #expect(lines.contains { $0.hasPrefix("  polite ") && $0.hasSuffix("(GRACEFUL)") })
        let json = try JSONSerialization.jsonObject(with: Data(ScenarioList.json().utf8)) as? [[String: String]]
        #expect(json?.compactMap { $0["name"] } == Scenario.all.map(\.name))
    }

    @Test func `is found again in the recording of its run`() {
        var story = Story(title: "lb-lag, mended", server: .demo)
        #expect(Playing(recordedIn: story.header)?.lesson.name == "lb-lag")
        #expect(Playing(recordedIn: story.header)?.isMended == true)
        story.server = nil
        #expect(Playing(recordedIn: nil) == nil)
    }

    @Test func `is suggested to a person who mistypes its name`() {
        #expect(Scenario.names(near: "polit").first == "polite")
        #expect(Scenario.names(near: "lbleg").first == "lb-lag")
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The plan for a demo server` {
    private func plan(_ name: String, _ change: (inout LessonSetup) -> Void = { _ in }) throws -> Plan {
        var setup = LessonSetup(try #require(Scenario(named: name)), pace: .checked)
        change(&setup)
        return DemoSession(DemoSession.Settings(), setup).plan
    }

    @Test func `starts this program again`() throws {
        let plan = try plan("polite")
        #expect(plan.command.dropFirst().prefix(3) == ["serve", "--port", "{port}"])
        #expect(plan.command.last == "--tied")
        #expect(plan.isTied)
        #expect(plan.server == .demo)
    }

    @Test func `gives each instance of a deploy a log of its own`() throws {
        #expect(try plan("polite").log != nil)
        let deploy = try plan("polite") { $0.deploy() }
        #expect(deploy.log?.hasSuffix("/access-{instance}.log") == true)
        #expect(deploy.command.contains { $0.hasSuffix("/access-{instance}.log") })
    }

    @Test func `puts a shell before the server of a lesson about shells`() throws {
        let plan = try plan("deaf-wrapper")
        #expect(plan.command.prefix(2) == ["/bin/sh", "-c"])
        #expect(plan.command[2].hasSuffix("; true"))
    }

    @Test func `sends the signals of a state of the grid`() throws {
        for state in GridState.allCases {
            let signals = try plan("polite") { state.arrange(.quit, in: &$0) }.signals
            let isSentByTheTrial = state == .draining || state.heldStep != nil
            #expect(
                signals.map(\.signal) == (state == .twice ? [.quit, .quit] : isSentByTheTrial ? [.terminate] : [.quit]))
        }
    }

    @Test func `waits 8 s for a signal that may be ignored`() throws {
        #expect(try plan("polite") { GridState.idle.arrange(.windowChange, in: &$0) }.grace == .seconds(8))
        #expect(try plan("polite") { GridState.idle.arrange(.quit, in: &$0) }.grace > .seconds(8))
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The proof` {
    @Test func `runs every server of every lesson, alone and in a deploy`() {
        let cases = Proof.Case.all(of: Scenario.all)
        let servers = Scenario.all.count + Scenario.all.count { $0.mended != nil }
        #expect(cases.count { !$0.isDeploy } == servers && cases.count { $0.isDeploy } == servers)
    }

    @Test func `shows a run that could not be made as a surprise`() throws {
        let polite = try #require(Scenario(named: "polite"))
        let finding = Proof.Finding(Proof.Case(scenario: polite, isMended: false, isDeploy: true), .failure("no port"))
        #expect(
            Proof.table([finding], TableStyle(isColored: false, isASCII: false)) == [
                "✗  polite  as is  deploy  NO RUN", "     no port", "", "0 of 1 as they must be.",
            ])
    }

    @Test func `finds a verdict that is not the expected one`() throws {
        let polite = try #require(Scenario(named: "polite"))
        let board = Story(end: .killed).board
        let finding = Proof.Finding(
            Proof.Case(scenario: polite, isMended: false, isDeploy: true), .board(board, recording: "/tmp/x"))
        #expect(finding.word == "FORCE-KILLED")
        #expect(finding.surprises.last == "recorded in /tmp/x")
    }
}
