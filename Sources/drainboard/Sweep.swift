import ArgumentParser
import Clients
import DrainboardKit
import Lessons
import ShutdownTrace

/// `drainboard sweep`: the same seeded run again and again, the signal moved through a request's life.
struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move the signal through a request's life, and draw what each instant costs.",
        discussion: """
            Every run starts the same requests. The signal is sent so long after (or before) the first payment of the \
            second second was begun. Each line draws the life of that one request, the signal in it, and what became of \
            it and of its payment; beside it stands what else was lost. The line below the legend names the window in \
            which it is lost. Without --rate there are 8 requests a second.

            Examples:
              drainboard sweep --scenario charged-twice --steps 4
              drainboard sweep --from 0 --to 1s --signal KILL
            """)

    @OptionGroup var options: RunOptions

    @Option(parsing: .unconditional, help: "The first instant (default: -50ms).", transform: DurationArgument.time)
    var from = Time.milliseconds(-50)

    @Option(parsing: .unconditional, help: "The last instant (default: 500ms).", transform: DurationArgument.time)
    var to = Time.milliseconds(500)

    @Option(parsing: .unconditional, help: "How many instants, both ends included; 2 or more.")
    var steps = 12

    @Option(help: "The signal, by name or number (default: the lesson's own).", transform: Signal.find)
    var signal: Signal?

    @Option(help: "How many run at once; with --port, one.")
    var jobs = 3

    @OptionGroup var table: TableOptions

    func validate() throws {
        guard (2...1_000).contains(steps) else {
            throw ValidationError("--steps must be from 2 to 1,000, not \(steps).")
        }
        guard from < to else { throw ValidationError("--from must be before --to.") }
        guard from >= .seconds(-1), to <= .seconds(60) else {
            throw ValidationError("--from must be -1 s or later, and --to at most 60 s.")
        }
        try validateJobs(jobs)
        try options.validateForMany()
    }

    func run() throws {
        var setup = try options.setup(pace: .checked)
        // With few other requests, the one request shows the cost of an instant.
        if options.rate == nil { setup.workload.rate = 8 }
        let instants = SignalSweep.Instants(from: from, to: to, count: steps)
        let sweep = SignalSweep(options.session, setup, signal: signal, at: instants, jobs: options.jobs(jobs))
        for line in try sweep.lines(table.style) { Console.print(line) }
    }
}
