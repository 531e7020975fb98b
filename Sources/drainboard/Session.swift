internal import DemoServer
internal import Experiment
internal import Foundation
internal import ShutdownTrace

/// One run of the demo server: where its files are, how it is started, and what traffic it gets.
struct Session {
    var plan: Plan

    /// Plans a run of the demo server as a child process of this executable.
    init(_ options: RunOptions, scenario: Scenario, workload: Workload) {
        let budgets = options.budgets
        let folder =
            FileManager.default.temporaryDirectory.path + "/drainboard-\(getpid())-\(UInt32.random(in: 0...(.max)))"
        let database = folder + "/ledger.sqlite"
        let log = folder + "/access.log"
        let command = [
            Self.executable, "serve", "--scenario", scenario.name, "--port", "{port}", "--timeout",
            "\(options.timeout)", "--database", database, "--log", log, "--tied",
        ]
        plan = Plan(
            title: scenario.name, command: command, grace: options.grace.map(Time.seconds) ?? budgets.grace,
            workload: workload)
        plan.port = options.port
        plan.budgets = budgets
        plan.seed = options.seed
        plan.recordings = options.record.map { [$0] } ?? []
        plan.database = database
        plan.log = log
        plan.isTied = true
        plan.workingDirectory = folder
        // Swift's backtracer would catch QUIT, ABRT and five more: the lesson is what the kernel does by default.
        plan.environment["SWIFT_BACKTRACE"] = "enable=no"
    }

    /// This very program, also when it was started through a link or has been replaced since.
    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
