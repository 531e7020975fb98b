public import ShutdownTrace

/// What one run does: which server, under which traffic, watched by which balancer, stopped by which signals.
///
/// A plan is a value; the same plan with the same seed intends the same requests in the same order.
public struct Plan: Sendable {
    /// The scenario's name, or the program's.
    public var title: String
    /// The executable (a path, or a name to look up in PATH) and its arguments.
    ///
    /// `{port}` is replaced in each.
    public var command: [String]
    /// Where the server listens on 127.0.0.1, 1...65535; nil for a free one.
    public var port: Int?
    /// Added to the inherited environment; `PORT` is always set.
    public var environment: [String: String] = [:]
    /// The server's own limits, for the header, where they are known.
    public var budgets: Budgets?
    /// The time between the first signal that asks the server to stop and SIGKILL; more than zero.
    public var grace: Time
    public var workload: Workload
    /// Nil sends traffic as soon as the server answers, until the end.
    public var balancer: BalancerPlan? = BalancerPlan()
    public var seed: UInt64 = 1
    /// Sent without anybody pressing a key.
    public var signals: [ScheduledSignal] = []
    /// Files that must get the trace; the run does not start when one cannot be written.
    public var recordings: [String] = []
    /// Where each run is recorded besides; nil for nowhere.
    public var stateDirectory: String? = Recorder.stateDirectory()
    /// The server's SQLite file, audited after the exit.
    public var database: String?
    /// The server's access log, whose lines are counted after the exit.
    public var log: String?
    /// The server's working directory.
    ///
    /// Made for the run when it does not exist, and then removed with all that is in it at the end.
    public var workingDirectory: String?
    /// How long the server may take to answer for the first time.
    public var servingTimeout: Time = .seconds(10)

    public init(title: String, command: [String], grace: Time, workload: Workload) {
        self.title = title
        self.command = command
        self.grace = grace
        self.workload = workload
    }

    /// Rejects what cannot be run.
    ///
    /// - Throws: ``ExperimentError/badPlan(_:)`` with a sentence.
    public func validate() throws(ExperimentError) {
        if command.first?.isEmpty ?? true { throw .badPlan("There is no command to run.") }
        try Self.positive(grace, "grace period")
        try Self.positive(servingTimeout, "time to answer for the first time")
        if let port, !(1...65535).contains(port) {
            throw .badPlan("Port \(port) does not exist; choose one from 1 to 65535.")
        }
        if let balancer {
            try Self.positive(balancer.interval, "interval between two probes")
            if balancer.threshold < 1 { throw .badPlan("The balancer's threshold must be 1 or more.") }
        }
        if !(workload.rate >= 0 && workload.rate <= 100_000) {
            throw .badPlan("The rate must be from 0 to 100,000 requests a second, not \(workload.rate).")
        }
    }

    private static func positive(_ time: Time, _ name: String) throws(ExperimentError) {
        if time <= .zero { throw .badPlan("The \(name) must be more than 0 s, not \(time.seconds) s.") }
    }
}

/// How the balancer decides whether new requests go to the server.
public struct BalancerPlan: Hashable, Sendable {
    /// Between two probes.
    public var interval: Time
    /// Failed probes in a row until the server is taken out.
    public var threshold: Int
    /// What is asked for; any 2xx passes.
    public var path: String

    public init(interval: Time = .seconds(0.4), threshold: Int = 2, path: String = "/readyz") {
        self.interval = interval
        self.threshold = threshold
        self.path = path
    }
}

/// A signal that the experiment sends by itself.
public struct ScheduledSignal: Hashable, Sendable {
    public var signal: Signal
    /// Since the server answered for the first time.
    public var after: Time
    /// It then waits until so many client requests are in flight.
    public var whenInFlight: Int
    /// It waits for them no longer than this.
    public var patience: Time

    public init(_ signal: Signal, after: Time, whenInFlight: Int = 0, patience: Time = .seconds(10)) {
        self.signal = signal
        self.after = after
        self.whenInFlight = whenInFlight
        self.patience = patience
    }
}
