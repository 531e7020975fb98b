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

    @Option(help: "The signal, by name or number.")
    var signal = SignalArgument(.terminate)

    @Option(help: "Seconds of traffic before the signal.")
    var after = 1.5

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
        var workload = Workload.brisk
        if let rate = options.rate { workload.rate = rate }
        var plan = Session(options, scenario: try options.namedScenario, workload: workload).plan
        // Wait for work in flight, or the run would show nothing; with little traffic, for as much as there can be.
        let wanted = min(10, Int(workload.rate / 6))
        plan.signals = [ScheduledSignal(signal.signal, after: .seconds(after), whenInFlight: wanted)]
        let run = HeadlessRun(plan)
        try run.wait()
        let report = Report(run.board, recording: run.recording)
        Console.print(try report.formatted(format, ascii: ascii))
        Glibc.exit(run.board.verdict.word.exitCode)
    }
}
