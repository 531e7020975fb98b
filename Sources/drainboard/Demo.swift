internal import ArgumentParser
internal import DemoServer
internal import Experiment
internal import Foundation
internal import Player
internal import ShutdownTrace

/// `drainboard demo`: the dashboard over the embedded demo server.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the dashboard over the embedded demo server (the default).",
        discussion: """
            Keys: t SIGTERM, i SIGINT, K SIGKILL, s all signals, space freeze, e explain, ? help, q quit. \
            With --plain, type the same letters and press Enter.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var display: DisplayOptions

    @Flag(
        help: ArgumentHelp("Leave out the fast reads: four requests in flight for each a second.", visibility: .hidden))
    var slow = false

    func run() throws {
        let scenario = try options.namedScenario
        guard !display.isPlain else { return try PlainRun(plan(scenario), display).show() }
        try Dashboard(display, scenario: scenario) { scenario, bell in
            do throws(TapeError) {
                let timeline = try Timeline(live: {})
                return .live(LiveRun(plan(scenario), timeline: timeline) { bell.ring() }, scenario)
            } catch { throw Failure(error.description) }
        }.run()
    }

    private func plan(_ scenario: Scenario) -> Plan {
        var workload = Workload.demo(rate: options.rate ?? 40, drain: options.work)
        if slow { workload.mix.removeAll { $0.errand == .fast } }
        return Session(options, scenario: scenario, workload: workload).plan
    }
}
