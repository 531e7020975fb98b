package import Experiment
import Foundation
package import Lessons
import Platform
package import ShutdownTrace

/// The plan for one run of the demo server: its files, its command line and its traffic.
package struct DemoSession {
    package var plan: Plan

    /// What a person may settle about any run of the demo server.
    package struct Settings: Sendable {
        /// Nil for what the setup grants.
        package var grace: Time?
        /// Nil for a free one.
        package var port: Int?
        /// What stands between clients and instances in a deploy.
        package var balancer = BalancerKind.proxy
        package var seed: UInt64 = 1
        /// A file in which the run is recorded too.
        package var recording: String?
        /// How Drainboard was called.
        package var invocation: Invocation?

        package init() {}
    }

    /// Plans a run of the demo server as a child process of this executable.
    package init(_ settings: Settings, _ setup: LessonSetup) {
        let folder = OwnedFolder.freshPath()
        let database = folder + "/ledger.sqlite"
        // Each instance of a deploy has a log of its own.
        let log = folder + (setup.replacement == nil ? "/access.log" : "/access-{instance}.log")
        let server =
            [Self.executable, "serve", "--port", "{port}"] + setup.arguments
            + [
                "--database", database, "--log", log, "--tied",
            ]
        plan = Plan(
            title: setup.title, command: server,
            grace: settings.grace ?? setup.grace, workload: setup.workload)
        plan.port = settings.port
        plan.server = .demo
        plan.budgets = setup.budgets
        plan.balancer = setup.balancer
        plan.replacement = setup.replacement
        plan.balancerKind = settings.balancer
        plan.isTied = true
        plan.keepsLead = setup.keepsLead
        plan.signalTarget = setup.signalsGroup ? .group : .process
        plan.seed = settings.seed
        plan.signals = setup.signals
        plan.recordings = settings.recording.map { [$0] } ?? []
        plan.invocation = settings.invocation
        plan.database = database
        plan.log = log
        plan.workingDirectory = folder
        // Swift's backtracer catches QUIT, ABRT and five more signals; the lessons show what the kernel does by default.
        plan.environment["SWIFT_BACKTRACE"] = "enable=no"
        if setup.isWrapped { wrap(server) }
    }

    /// Puts a shell before the server that waits for it and passes no signal on, as `sh -c` in a container does.
    ///
    /// The shell finds the program by its name, so that a recording does not tell where it lies on this machine.
    private mutating func wrap(_ server: [String]) {
        let program = URL(fileURLWithPath: Self.executable)
        let folder = program.deletingLastPathComponent().path
        let words = ([program.lastPathComponent] + server.dropFirst()).map {
            "'" + $0.replacing("'", with: #"'\''"#) + "'"
        }
        plan.command = ["/bin/sh", "-c", words.joined(separator: " ") + "; true"]
        let path = ProcessInfo.processInfo.environment["PATH"].map { ":" + $0 } ?? ""
        plan.environment["PATH"] = folder + path
    }

    /// The path of this program, also when it was started through a link or has been replaced since.
    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
