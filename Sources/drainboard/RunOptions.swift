import ArgumentParser
import DrainboardKit
import Lessons
import ShutdownTrace

/// The options about a run of the demo server.
struct RunOptions: ParsableArguments {
    @Option(help: "How the demo server shuts down; drainboard scenarios lists them (default: polite).")
    var scenario: String?

    @Flag(help: "The same scenario, mended.")
    var mended = false

    @Flag(help: "A rolling deploy: a second instance takes over before the first gets its signal.")
    var deploy = false

    @Option(
        help: "What stands between clients and instances in a deploy: proxy (built in) or haproxy (default: proxy).",
        transform: BalancerKind.find)
    var balancer = BalancerKind.proxy

    @Option(
        parsing: .unconditional,
        help: "Requests a second that the clients start (default: 40; check and grid: 60; sweep: 8).")
    var rate: Double?

    @Option(
        parsing: .unconditional,
        help: "Seconds that the server grants requests in flight (default: 30, or what the scenario needs).")
    var timeout: Double?

    @Option(
        parsing: .unconditional,
        help: "Seconds between failing the readiness check and closing the listener (default: 1, or the scenario's).")
    var lead: Double?

    @Option(help: "Seconds that the longest requests take, at most 7 (default: 7, or what fits in the time-out).")
    var longest: Double?

    @Option(
        name: .customLong("grace"), parsing: .unconditional,
        help: "Seconds between the first signal and SIGKILL (default: all of the server's own limits fit).")
    var graceChoice: GraceChoice?

    @Option(parsing: .unconditional, help: "The server's port on 127.0.0.1 (default: a free one).")
    var port: Int?

    @Option(help: ArgumentHelp("Also record the run to this file.", valueName: "file"))
    var record: String?

    @Option(help: "The seed of the traffic: the same seed starts the same requests.")
    var seed: UInt64 = 1

    func validate() throws {
        _ = try namedScenario
        if let timeout { try positive(timeout, "--timeout", "seconds") }
        if let lead, !(0...86_400).contains(lead) {
            throw ValidationError("--lead must be from 0 to 86,400 seconds, not \(lead).")
        }
        if let grace { try positive(grace, "--grace", "seconds") }
        if let longest, !(longest > 0 && longest <= 7) {
            throw ValidationError("--longest must be more than 0 and at most 7 seconds, not \(longest).")
        }
        if let rate { try positive(rate, "--rate", "requests a second") }
        if let port, !(1...65535).contains(port) {
            throw ValidationError("--port \(port) does not exist: choose one from 1 to 65535.")
        }
    }

    /// Rejects an option that would change nothing.
    func refuse(_ option: String, _ isGiven: Bool, _ reason: String) throws {
        if isGiven { throw ValidationError("\(option) cannot be used here: \(reason).") }
    }

    /// Rejects what is not for many runs with short requests.
    func validateForMany() throws {
        try refuse("--longest", longest != nil, "these runs have short requests of their own")
        try refuse("--record", record != nil, "it is for one run, and these are many")
    }

    /// How many runs may go on at once: on one port there is one server at a time.
    func jobs(_ wanted: Int) -> Int { port == nil ? wanted : 1 }

    /// The grace period in seconds; nil where none is given, or the smallest is to be found.
    var grace: Double? { if case .seconds(let seconds)? = graceChoice { seconds } else { nil } }

    var session: DemoSession.Settings {
        var settings = DemoSession.Settings()
        settings.grace = grace.map(Time.seconds)
        settings.port = port
        settings.balancer = balancer
        settings.seed = seed
        settings.recording = record
        settings.invocation = .ofThisProcess
        return settings
    }

    var namedScenario: Scenario {
        get throws { try Scenario.find(scenario ?? "polite") }
    }

    /// The drain that the demo's requests are made for: the longest takes seven tenths of it.
    var work: Time? { longest.map { .seconds($0 / 0.7) } }

    /// What is arranged around the server of the scenario.
    ///
    /// - Parameters:
    ///   - pace: Whether a person watches.
    ///   - scenario: Another than the one on the command line, mended or not.
    ///   - isMended: Whether the server is the mended one; nil as the command line has it.
    ///   - isDeploy: Whether it is a rolling deploy; nil as the command line has it.
    ///   - after: The traffic before the first signal of a checked run.
    ///   - signal: The signal of a checked run, where the lesson asks for no other.
    /// - Returns: The setup.
    /// - Throws: `ValidationError` for a scenario that does not exist.
    func setup(
        pace: LessonSetup.Pace, _ scenario: Scenario? = nil, isMended: Bool? = nil, isDeploy: Bool? = nil,
        after: Time = .seconds(1.5), signal: Signal? = nil
    ) throws -> LessonSetup {
        guard graceChoice != .find else {
            throw ValidationError("--grace find is for check with --url: the demo server's limits are known.")
        }
        let scenario = try scenario ?? namedScenario
        var setup = LessonSetup(
            scenario, isMended: isMended ?? mended, pace: pace, rate: rate, drain: timeout.map(Time.seconds),
            longest: work, after: after, signal: signal)
        // A named lead replaces what the lesson arranges.
        if let lead { setup.grant(lead: .seconds(lead)) }
        if isDeploy ?? deploy { setup.deploy() }
        return setup
    }
}

extension BalancerKind {
    /// Finds a balancer by its name.
    static func find(_ text: String) throws -> BalancerKind {
        if let kind = BalancerKind(rawValue: text) { return kind }
        throw ValidationError(
            "There is no balancer \"\(text)\". Choose one of: \(allCases.map(\.rawValue).joined(separator: ", ")).")
    }
}

/// Rejects a number of jobs that no machine serves.
func validateJobs(_ jobs: Int) throws {
    guard (1...16).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 16, not \(jobs).") }
}

/// Rejects zero, negative and absurd numbers.
func positive(_ value: Double, _ option: String, _ unit: String) throws {
    guard value > 0, value.isFinite, value <= 1_000_000 else {
        throw ValidationError("\(option) must be more than 0 and at most 1,000,000 \(unit), not \(value).")
    }
}

extension Scenario {
    /// Finds a scenario by its name, or says which names come close.
    static func find(_ name: String) throws -> Scenario {
        if let scenario = Scenario(named: name) { return scenario }
        throw ValidationError(
            "There is no scenario \"\(name)\". Did you mean \(names(near: name).joined(separator: ", "))? "
                + "drainboard scenarios lists all.")
    }
}
