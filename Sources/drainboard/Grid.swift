import ArgumentParser
import DrainboardKit
import Lessons
import ShutdownTrace

/// `drainboard grid`: every signal in every state of a server, as one table: its report card.
struct Grid: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send every signal in every state of a server, and print one table: its report card.",
        discussion: """
            States: starting, idle, with requests in flight, draining, in each step of the release (held there by the \
            server's gate), and the same signal a second time. Each cell is a run of its own.

            Examples:
              drainboard grid --signals TERM,INT,HUP
              drainboard grid --scenario no-handler --signals TERM
            """)

    @OptionGroup var options: RunOptions

    @Option(help: "The signals, by name or number and with commas (default: all 31).", transform: list)
    var signals: [Signal] = Signal.all

    @Option(help: "How many run at once; with --port, one.")
    var jobs = 4

    @OptionGroup var table: TableOptions

    func validate() throws {
        try validateJobs(jobs)
        try options.validateForMany()
    }

    func run() throws {
        let grid = SignalGrid(signals, options.session, try options.setup(pace: .checked), jobs: options.jobs(jobs))
        for line in try grid.lines(table.style) { Console.print(line) }
    }

    private static func list(_ text: String) throws -> [Signal] {
        if text == "all" { return Signal.all }
        return try text.split(separator: ",").map { try Signal.find(String($0)) }
    }
}
