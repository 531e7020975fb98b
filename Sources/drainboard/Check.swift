import ArgumentParser
import Clients
import DrainboardKit
import Experiment
import Foundation
import Lessons
import ShutdownBoard
import ShutdownTrace

/// `drainboard check`: one run without a screen, a verdict, an exit status.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run once without a screen and print the verdict.",
        discussion: """
            Starts the server, sends it traffic, sends the signal while requests are in flight, and looks at what is left.

            A server of your own finds its port in the variable PORT, and where its command says {port}. With --grace \
            find the smallest grace period is searched for.

            Exit status: 0 graceful, 1 not graceful, 2 wrong usage or the server could not be run, 3 inconclusive. Of \
            several runs it is the worst; of --signal all it is 0 when the program has a graceful signal.

            Examples:
              drainboard check --url 'http://127.0.0.1:{port}/slow' -- node server.js
              drainboard check --url http://127.0.0.1:8080/ --ready /readyz -- ./server
              drainboard check --scenario polite --then TERM:1.2
              drainboard check --scenario no-handler --signal all
              drainboard check --format junit --url http://127.0.0.1:8080/ -- ./server
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Any server") var server: ServerOptions

    @Option(
        help:
            "The signal, by name or number; several, with commas; or all (default: TERM, or what the scenario is about).",
        transform: SignalChoice.find)
    var signal: SignalChoice?

    @Option(help: "How many runs, each with a fresh process.")
    var `repeat` = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --grace find: seconds for which a balancer still sends new clients; finds the smallest lead.",
            valueName: "lag"), transform: DurationArgument.seconds)
    var behindBalancer: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds of traffic before the signal, and as many after a deploy (default: 1.5; with --url as soon as all work "
                + "is under way, 0.5 to 1.5)."),
        transform: DurationArgument.seconds)
    var after: Double?

    @Option(
        help: ArgumentHelp("Another signal, so many seconds after the first; may be repeated.", valueName: "signal:s"))
    var then: [LaterSignal] = []

    @Option(help: "brisk: short requests and many; demo: what the dashboard sends.")
    var workload = WorkloadName.brisk

    @Option(help: "text, json or junit.")
    var format = Report.Format.text

    @Flag(
        help: ArgumentHelp(
            "Run every scenario, broken and mended, alone and in a deploy, and demand that each verdict is the one it must "
                + "be."))
    var prove = false

    @Option(help: "How many runs of --prove, --repeat or several signals go on at once.")
    var jobs = 3

    @OptionGroup var table: TableOptions

    func validate() throws {
        if let after, !(after >= 0 && after <= 86_400) {
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
        try validateSeveral()
        if workload != .demo || server.isGiven {
            let reason = "it is about the demo's traffic: add --workload demo"
            try options.refuse("--longest", options.longest != nil, reason)
        }
        if prove {
            try options.refuse("--record", options.record != nil, "it is for one run, and --prove makes many")
        }
        try validateJobs(jobs)
    }

    private func validateSeveral() throws {
        guard (1...1_000).contains(`repeat`) else {
            throw ValidationError("--repeat must be from 1 to 1,000, not \(`repeat`).")
        }
        if let lag = behindBalancer {
            guard options.graceChoice == .find else { throw ValidationError("--behind-balancer needs --grace find.") }
            guard lag > 0, lag <= 60 else {
                throw ValidationError("--behind-balancer must be more than 0 and at most 60 seconds, not \(lag).")
            }
        }
        if isCampaign, options.record != nil || !then.isEmpty {
            throw ValidationError("--record and --then are for one run with one signal.")
        }
        try options.refuse(
            "--record", options.graceChoice == .find && options.record != nil,
            "it is for one run, and --grace find makes many")
        if options.graceChoice == .find, isCampaign { throw ValidationError("--grace find takes one signal.") }
    }

    func run() throws {
        if prove { return try runProof() }
        if options.graceChoice == .find, server.isGiven { return try runSearch() }
        if isCampaign { return try runCampaign() }
        var plan = try plan(signal?.signals.first)
        plan.signals += then.map { later in
            ScheduledSignal(later.signal, after: .seconds(later.seconds), since: .signal(0))
        }
        let run = HeadlessRun(plan) { event, _ in Progress.show(event) }
        try run.wait()
        let report = Report(run.board, recording: run.recording)
        Console.print(try report.formatted(format, table.style))
        Glibc.exit(Judge(run.board).verdict.word.exitCode)
    }

    private var isCampaign: Bool { `repeat` > 1 || signal?.isSearch == true || signal?.signals.count ?? 1 > 1 }

    private func runCampaign() throws {
        let choice = signal ?? SignalChoice(signals: [.terminate], isSearch: false)
        // One port is for one server at a time.
        let isShared = try options.port != nil || self.server.target()?.url.port != nil
        let server = try options.namedScenario.server(mended: options.mended)
        let expectation = isLessonsOwn ? (options.deploy ? server.verdictInDeploy : server.verdict) : nil
        let campaign = try Campaign(
            choice, times: `repeat`, jobs: isShared ? 1 : jobs,
            isExpected: { expectation?.surprises(in: $0).isEmpty ?? $0.word.isGraceful }, plan: { try plan($0) })
        Console.print(try campaign.formatted(format, table.style))
        Glibc.exit(campaign.exitCode)
    }

    /// Whether it is the demo server that gets what its lesson is about, so that the catalogue has its verdict.
    private var isLessonsOwn: Bool { !server.isGiven && signal == nil && options.lead == nil && options.grace == nil }

    private func runSearch() throws {
        let signal = signal?.signals.first ?? .terminate
        let search = GraceSearch(signal: signal, plan: { try plan(signal) }, lag: behindBalancer.map(Time.seconds))
        for line in try search.run().lines(signal) { Console.print(Console.safe(line, ascii: table.ascii)) }
    }

    private func plan(_ signal: Signal?) throws -> Plan {
        guard !server.isGiven else { return try serverPlan(signal) }
        var plan = DemoSession(options.session, try setup(signal)).plan
        plan.aftermath = max(plan.aftermath, traffic)
        return plan
    }

    private func serverPlan(_ signal: Signal?) throws -> Plan {
        var session = try server.session(port: options.port, grace: options.grace)
        session.check(signal ?? .terminate, after: after.map(Time.seconds))
        session.plan.seed = options.seed
        session.plan.recordings = options.record.map { [$0] } ?? []
        return session.plan
    }

    /// How long the demo server gets traffic before the signal.
    private var traffic: Time { .seconds(after ?? 1.5) }

    private func setup(_ signal: Signal?) throws -> LessonSetup {
        var setup = try options.setup(pace: .checked, after: traffic, signal: signal)
        if workload == .demo {
            let drain = options.work ?? setup.budgets.drain ?? .seconds(30)
            setup.sendDemoTraffic(rate: options.rate ?? 40, drain: drain)
        }
        return setup
    }

    private func runProof() throws {
        let isWhole = (options.scenario ?? "polite") == "polite"
        let cases = Proof.Case.all(
            of: isWhole ? Scenario.all : [try options.namedScenario],
            inDeploys: options.deploy ? [true] : [false, true])
        let agrees = try Proof(cases: cases, jobs: options.jobs(jobs)).run(table.style) { server in
            let setup = try options.setup(
                pace: .checked, server.scenario, isMended: server.isMended, isDeploy: server.isDeploy)
            var plan = DemoSession(options.session, setup).plan
            // These recordings stay apart from those of a person's own runs.
            plan.keeping = plan.keeping.below("proof")
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
        self.signal = signal
        self.seconds = seconds
    }
}
