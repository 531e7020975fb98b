import DemoServer
import Experiment
import Lessons
import ShutdownBoard
import ShutdownTrace
import Testing

@Suite struct `What a lesson must show` {
    @Test(arguments: Scenario.all)
    func `is the verdict that its text promises`(scenario: Scenario) {
        #expect(Expectation(scenario, isMended: false).word.rawValue == scenario.verdict)
    }

    @Test(arguments: Scenario.all)
    func `is something that fails, and nothing once it is mended`(scenario: Scenario) {
        let broken = Expectation(scenario, isMended: false)
        #expect(broken.fails.isEmpty == (scenario.name == "polite"))
        let mended = Expectation(scenario, isMended: true)
        if scenario.name != "charged-twice" { #expect(mended.fails.isEmpty && mended.mayFail.isEmpty) }
        #expect(!mended.fails.contains(.noPaymentTwice) && !mended.mayFail.contains(.noPaymentTwice))
    }

    @Test func `names what surprised`() {
        let verdict = Board(header: nil, []).verdict
        let surprises = Expectation(.polite, isMended: true).surprises(in: verdict)
        #expect(surprises == ["INCONCLUSIVE instead of GRACEFUL"])
    }
}

@Suite struct `The stage of a lesson` {
    @Test(arguments: Scenario.all)
    func `is set by a signal that comes by itself when nobody watches`(scenario: Scenario) {
        #expect(!Stage(scenario, pace: .checked).signals.isEmpty)
        #expect(Stage(scenario, pace: .watched).signals.allSatisfy { $0.since == .spawn })
    }

    @Test(arguments: Scenario.all)
    func `tells the server which scenario it plays`(scenario: Scenario) {
        #expect(Stage(scenario, pace: .checked).arguments.starts(with: ["--scenario", scenario.name]))
        #expect(Stage(scenario, isMended: true, pace: .checked).arguments.contains("--mended"))
        #expect(!Stage(scenario, pace: .checked).arguments.contains("--mended"))
    }

    @Test func `takes another signal where somebody wants one`() {
        #expect(Stage(.polite, pace: .checked, signal: .kill).signals.map(\.signal) == [.kill])
        #expect(Stage(.terminalGone, pace: .checked).signals.map(\.signal) == [.hangup])
    }

    @Test func `grants a mended server what its limits need`() {
        let broken = Stage(.graceMismatch, pace: .checked)
        let mended = Stage(.graceMismatch, isMended: true, pace: .checked)
        #expect(broken.grace < broken.budgets.grace)
        #expect(mended.grace >= mended.budgets.grace)
    }
}
