import ArgumentParser
import DemoServer
import DrainboardKit
import Foundation
import Lessons
import ShutdownTrace

/// `drainboard serve`: the demo server alone, its trace on standard output.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the demo server alone; its trace goes to standard output, one event a line.",
        discussion: """
            GET /, GET /report?ms=, POST /payments, GET /payments/{id}, /ws, /livez, /readyz on 127.0.0.1.

            Examples:
              drainboard serve --port 8080
              drainboard serve --scenario lost-payment | drainboard watch -
            """)

    @Option(help: "How the server shuts down; drainboard scenarios lists them.")
    var scenario = "polite"

    @Flag(help: "The same scenario, mended.")
    var mended = false

    @Option(parsing: .unconditional, help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 8080

    @Option(parsing: .unconditional, help: "Seconds that the server grants requests in flight.")
    var timeout = 30.0

    @Option(
        parsing: .unconditional,
        help: "Seconds between failing the readiness check and closing the listener (default: 1, or the scenario's).")
    var lead: Double?

    @Option(parsing: .unconditional, help: "Seconds for jobs that are running (default: fits the time-out).")
    var workers: Double?

    @Option(parsing: .unconditional, help: "Seconds for the flush of the access log.")
    var flush = 1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds that the slow start of a scenario takes.", visibility: .hidden))
    var slowStart = 0.3

    @Option(
        help: ArgumentHelp("The ledger (SQLite); default: a new one, which goes with the server.", valueName: "file"))
    var database: String?

    @Option(help: ArgumentHelp("The access log; default: beside the ledger.", valueName: "file"))
    var log: String?

    @Flag(help: "Write no trace.")
    var noTrace = false

    @Flag(help: ArgumentHelp("End when standard input ends.", visibility: .hidden))
    var tied = false

    func validate() throws {
        _ = try Scenario.find(scenario)
        try positive(timeout, "--timeout", "seconds")
        if let workers { try positive(workers, "--workers", "seconds") }
        try positive(flush, "--flush", "seconds")
        try positive(slowStart, "--slow-start", "seconds")
        if let lead, !(0...1_000_000).contains(lead) {
            throw ValidationError("--lead must be from 0 to 1,000,000 seconds, not \(lead).")
        }
        guard (0...65535).contains(port) else {
            throw ValidationError("--port \(port) does not exist: choose one from 1 to 65535, or 0 for a free one.")
        }
    }

    func run() throws {
        let temporary = try database == nil ? TemporaryLedger() : nil
        let database = database ?? temporary?.path ?? ""
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        let lesson = try Scenario.find(scenario)
        let behaviour = lesson.server(mended: mended).behaviour
        let configuration = Configuration(
            behaviour, title: lesson.title(mended: mended), port: port,
            budgets: budgets(of: behaviour), database: database,
            log: log ?? folder + "/access.log", traced: !noTrace, tied: tied,
            instance: ProcessInfo.processInfo.environment["DRAINBOARD_INSTANCE"].flatMap { Int($0) },
            slowStart: .seconds(slowStart))
        let code = try Console.wait { await DemoServer.run(configuration) }
        temporary?.remove()
        Glibc.exit(code)
    }

    private func budgets(of behaviour: Behaviour) -> Budgets {
        var budgets = Budgets(drain: .seconds(timeout)).granted(by: behaviour)
        if let lead { budgets.lead = .seconds(lead) }
        if let workers { budgets.workers = .seconds(workers) }
        budgets.flush = .seconds(flush)
        return budgets
    }
}
