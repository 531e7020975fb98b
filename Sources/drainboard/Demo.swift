import ArgumentParser
import Clients
import DrainboardKit
import Experiment
import Foundation
import Lessons
import Player
import ShutdownTrace

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
        let first = Performance(
            try options.namedScenario, isMended: options.mended, isDeploy: options.deploy, lead: options.lead)
        guard !display.isPlain else {
            return try PlainRun(plan(first), isASCII: display.isASCII, playing: first.playing).show()
        }
        try Dashboard(display.settings, playing: first) { next, bell in
            let performance = next ?? first
            return try .live(LiveRun.shown(plan(performance)) { bell.ring() }, performance)
        }.run()
    }

    private func plan(_ performance: Performance) throws -> Plan {
        var setup = try options.setup(
            pace: .watched, performance.scenario, isMended: performance.isMended, isDeploy: performance.isDeploy)
        performance.apply(to: &setup)
        if slow { setup.workload.mix.removeAll { $0.errand == .fast } }
        return Session(options.session, setup).plan
    }
}
