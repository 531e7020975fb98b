internal import ArgumentParser
internal import DemoServer
internal import Experiment
internal import Foundation
internal import Lessons
internal import Screen
internal import ShutdownBoard
internal import ShutdownTrace

/// `drainboard check`: one run without a screen, a verdict, an exit code.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run once without a screen and print the verdict.",
        discussion: """
            Starts the server, sends it traffic, sends the signal while requests are in flight, and looks at what is left.
            Exit status: 0 graceful, 1 not graceful, 2 wrong usage or the server could not be run, 3 inconclusive.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Any server") var server: ServerOptions

    @Option(
        help: "The signal, by name or number (default: TERM, or what the scenario is about).", transform: Signal.find)
    var signal: Signal?

    @Option(parsing: .unconditional, help: "Seconds of traffic before the signal.")
    var after = 1.5

    @Option(
        help: ArgumentHelp("Another signal, so many seconds after the first; may be repeated.", valueName: "signal:s"))
    var then: [LaterSignal] = []

    @Option(help: "brisk: short requests and many; demo: what the dashboard sends.")
    var workload = WorkloadName.brisk

    @Option(help: "text, json or junit.")
    var format = Report.Format.text

    @Flag(help: "Run every scenario, broken and mended, and demand that each verdict is the one it must be.")
    var prove = false

    @Option(help: "How many runs of --prove go on at once.")
    var jobs = 3

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    func validate() throws {
        guard after >= 0, after <= 86_400 else {
            throw ValidationError("--after must be from 0 to 86,400 seconds, not \(after).")
        }
        if server.isGiven {
            guard options.scenario == nil, !prove else {
                throw ValidationError(
                    "--scenario and --prove are about the demo server, --url about your own: give one of them.")
            }
            guard server.url != nil else {
                throw ValidationError("Where does the server answer? Give --url http://127.0.0.1:8080/path.")
            }
        }
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 16, not \(jobs).") }
    }

    func run() throws {
        if prove { return try runProof() }
        var plan = try server.isGiven ? serverPlan() : Session(options, stage: try stage()).plan
        plan.signals += then.compactMap { later in
            plan.signals.first.map { ScheduledSignal(later.signal, after: $0.after + .seconds(later.seconds)) }
        }
        let run = HeadlessRun(plan)
        try run.wait()
        let report = Report(run.board, recording: run.recording)
        Console.print(try report.formatted(format, ascii: ascii))
        Glibc.exit(run.board.verdict.word.exitCode)
    }

    private func serverPlan() throws -> Plan {
        var session = try ServerSession(server, port: options.port, grace: options.grace)
        session.check(signal ?? .terminate, after: .seconds(after))
        session.plan.seed = options.seed
        session.plan.recordings = options.record.map { [$0] } ?? []
        return session.plan
    }

    private func stage() throws -> Stage {
        var stage = try options.stage(pace: .checked, after: .seconds(after), signal: signal)
        if workload == .demo {
            let demo = Workload.demo(rate: options.rate ?? 40, drain: options.work ?? stage.budgets.drain)
            (stage.workload.rate, stage.workload.mix) = (demo.rate, demo.mix)
            stage.workload.readerSeconds = demo.readerSeconds
            if let first = stage.signals.first, case .inFlight = first.condition {
                stage.signals[0].condition = .inFlight(min(4, Int(demo.rate / 6)))
            }
        }
        return stage
    }

    private func runProof() throws {
        let scenarios = (options.scenario ?? "polite") == "polite" ? Scenario.all : [try options.namedScenario]
        let cases = scenarios.flatMap { scenario in
            // The polite server has nothing to mend.
            scenario.name == "polite"
                ? [Proof.Case(scenario: scenario, isMended: false)]
                : [false, true].map { Proof.Case(scenario: scenario, isMended: $0) }
        }
        let agrees = try Proof(cases: cases, jobs: jobs).run(ascii: ascii) { server in
            var plan = Session(
                options, stage: try options.stage(pace: .checked, server.scenario, isMended: server.isMended)
            )
            .plan
            plan.stateDirectory = nil
            return plan
        }
        Glibc.exit(agrees ? 0 : 1)
    }
}

/// Which traffic a check sends.
enum WorkloadName: String, ExpressibleByArgument, CaseIterable {
    case brisk, demo
}

/// `KILL:1.9`: a signal that follows another.
struct LaterSignal: ExpressibleByArgument {
    var signal: Signal
    var seconds: Double

    init?(argument: String) {
        let parts = argument.split(separator: ":")
        guard parts.count == 2, let signal = Signal(String(parts[0])), let seconds = Double(parts[1]), seconds >= 0,
            seconds <= 86_400
        else { return nil }
        (self.signal, self.seconds) = (signal, seconds)
    }
}
