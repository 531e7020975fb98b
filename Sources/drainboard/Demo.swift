import ArgumentParser
import Clients
import DrainboardKit
import Experiment
import Glibc
import Lessons
import ShutdownBoard
import ShutdownTrace

/// `drainboard demo`: the dashboard over the embedded demo server.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the dashboard over the embedded demo server (the default).",
        discussion: """
            Keys: t SIGTERM, i SIGINT, K SIGKILL, s all signals, space freeze, e explain, ? help, q quit.

            With --plain each typed line is one command: t or term, i or int, K or kill, g or hold, go, G or step, e or \
            explain, q or quit, ? or help, or another signal by its whole name, such as sighup. With standard input at \
            its end the lesson's signal is sent by itself after 3 s, and the exit status is that of the verdict, as of \
            check.

            Examples:
              drainboard demo --scenario no-handler
              drainboard demo --timeout 2 --longest 7
              drainboard demo --deploy
              echo t | drainboard demo --plain
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var display: DisplayOptions

    @Flag(
        help: ArgumentHelp("Leave out the fast reads: four requests in flight for each a second.", visibility: .hidden))
    var slow = false

    func run() throws {
        let first = LessonRun(
            try options.namedScenario, isMended: options.mended, isDeploy: options.deploy, lead: options.lead)
        guard !display.isPlain else {
            let run = try PlainRun(plan(first), isASCII: display.isASCII, playing: first.playing)
            Glibc.exit(try run.show())
        }
        try Dashboard(display.settings, playing: first) { next, wakeup in
            let lesson = next ?? first
            return try .live(plan(lesson), playing: lesson, wakeup)
        }.run()
    }

    private func plan(_ lesson: LessonRun) throws -> Plan {
        var setup = try options.setup(
            pace: .watched, lesson.scenario, isMended: lesson.isMended, isDeploy: lesson.isDeploy)
        lesson.apply(to: &setup)
        if slow { setup.workload.mix.removeAll { $0.errand == .fast } }
        var settings = options.session
        if let switched = try invocation(lesson) { settings.invocation = switched }
        return DemoSession(settings, setup).plan
    }

    /// What opens this lesson, where a person went to another than the command line names; nil where not.
    private func invocation(_ lesson: LessonRun) throws -> Invocation? {
        let isNamed = try lesson.scenario.name == options.namedScenario.name
        guard !isNamed || lesson.isMended != options.mended || lesson.isDeploy != options.deploy else { return nil }
        return Invocation(
            ["demo", "--scenario", lesson.scenario.name] + (lesson.isMended ? ["--mended"] : [])
                + (lesson.isDeploy ? ["--deploy"] : []))
    }
}
