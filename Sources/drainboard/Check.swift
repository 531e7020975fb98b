internal import ArgumentParser
internal import DemoServer
internal import Experiment
internal import Foundation
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

    @Option(help: "The signal, by name or number.", transform: Signal.find)
    var signal = Signal.terminate

    @Option(parsing: .unconditional, help: "Seconds of traffic before the signal.")
    var after = 1.5

    @Option(
        help: ArgumentHelp("Another signal, so many seconds after the first; may be repeated.", valueName: "signal:s"))
    var then: [LaterSignal] = []

    @Option(help: "brisk: short requests and many; demo: what the dashboard sends.")
    var workload = WorkloadName.brisk

    @Flag(
        help: ArgumentHelp(
            "Put a second instance behind a balancer into rotation before the signal.", visibility: .hidden))
    var deploy = false

    @Flag(help: ArgumentHelp("Let HAProxy carry the connections of the deploy.", visibility: .hidden))
    var haproxy = false

    @Option(help: "text, json or junit.")
    var format = Report.Format.text

    @Flag(help: "Print with ASCII only.")
    var ascii = false

    func validate() throws {
        guard after >= 0, after <= 86_400 else {
            throw ValidationError("--after must be from 0 to 86,400 seconds, not \(after).")
        }
    }

    func run() throws {
        let traffic = workload.workload(options)
        var plan = Session(options, scenario: try options.namedScenario, workload: traffic).plan
        // Wait for work in flight, or the run would show nothing; with little traffic, for as much as there can be.
        let wanted = min(workload == .brisk ? 10 : 4, Int(traffic.rate / 6))
        plan.signals = [ScheduledSignal(signal, after: .seconds(after), whenInFlight: wanted)]
        if deploy { (plan.replacement, plan.balancerKind) = (.beforeSignal, haproxy ? .haproxy : .proxy) }
        plan.signals += then.map { ScheduledSignal($0.signal, after: .seconds(after + $0.seconds)) }
        let run = HeadlessRun(plan)
        try run.wait()
        let report = Report(run.board, recording: run.recording)
        Console.print(try report.formatted(format, ascii: ascii))
        Glibc.exit(run.board.verdict.word.exitCode)
    }
}

/// Which traffic a check sends.
enum WorkloadName: String, ExpressibleByArgument, CaseIterable {
    case brisk, demo

    func workload(_ options: RunOptions) -> Workload {
        switch self {
        case .brisk:
            var workload = Workload.brisk
            if let rate = options.rate { workload.rate = rate }
            return workload
        case .demo: return .demo(rate: options.rate ?? 40, drain: options.work)
        }
    }
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
