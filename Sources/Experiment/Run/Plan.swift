package import Clients
package import Platform
package import ShutdownTrace

/// What one run does: which server runs, under which traffic and balancer, and which signals stop it.
///
/// The same plan with the same seed intends the same requests in the same order.
package struct Plan: Sendable {
    package var title: String
    /// The executable (a path, or a name to look up in PATH) and its arguments.
    ///
    /// `{port}` is replaced in each, and `{instance}` by 1, or 2 for the replacement.
    package var command: [String]
    /// Where the first instance listens on 127.0.0.1, 1...65535; nil for a free one.
    package var port: Int?
    /// Added to the inherited environment; `PORT` is always set, and `DRAINBOARD_INSTANCE` when there is a replacement.
    package var environment: [String: String] = [:]
    /// Whether clients connect to the server; if not, the server counts as serving once it listens anywhere.
    package var isAsked = true
    /// The kind of server, for the header; nil for a program that is not Drainboard's own.
    package var server: RunFacts.ServerKind?
    /// The server's own limits, for the header, where they are known.
    package var budgets: Budgets?
    /// The time between the first signal that asks the server to stop and SIGKILL; more than zero.
    package var grace: Time
    package var workload: Workload
    /// How the balancer polls; nil sends traffic as soon as the server answers, until the end.
    package var balancer: BalancerPlan? = BalancerPlan()
    /// When a second instance of the server starts behind the same balancer; nil for none.
    package var replacement: Replacement?
    /// What stands between the clients and the instances when there is a replacement.
    package var balancerKind = BalancerKind.proxy
    /// How long traffic goes on once the first instance is gone and the replacement serves.
    package var aftermath: Time = .seconds(1)
    package var signalTarget = SignalTarget.process
    /// Whether the server reads commands from its standard input: see ``Experiment/tell(_:)``.
    package var isTied = false
    /// Whether the server's lead lasts until the balancer has taken the server out of rotation, however late that is.
    ///
    /// On a busy machine a balancer notices late, and a lead that should be long enough would be too short. So a tied
    /// server is told `keep SECONDS`, which stretches the lead that it has; a server without a lead gets none.
    package var keepsLead = false
    package var seed: UInt64 = 1
    package var signals: [ScheduledSignal] = []
    /// Files that get the trace; the run does not start when one cannot be written.
    package var recordings: [String] = []
    /// Where the run is recorded besides.
    package var keeping = Keeping.standard
    /// How Drainboard was called, for the header; nil where nobody called it for this run.
    package var invocation: Invocation?
    /// What clients ask for as the person wrote it, for the header.
    package var url: String?
    /// The server's SQLite file, audited after the exit.
    package var database: String?
    /// The access log, whose lines are counted after the exit; `{instance}` in it is replaced, and the first one's is read.
    package var log: String?
    /// The server's working directory; when it does not exist, it is made for the run and removed at the end.
    package var workingDirectory: String?
    /// How long the server may take to answer for the first time.
    package var servingTimeout: Time = .seconds(10)

    package init(title: String, command: [String], grace: Time, workload: Workload) {
        self.title = title
        self.command = command
        self.grace = grace
        self.workload = workload
    }

    /// Rejects a plan that cannot be run.
    package func validate() throws(RunError) {
        if command.first?.isEmpty ?? true { throw .badPlan("There is no command to run.") }
        try Self.positive(grace, "grace period")
        try Self.positive(servingTimeout, "time to answer for the first time")
        if let port, !(1...65535).contains(port) {
            throw .badPlan("Port \(port) does not exist; choose one from 1 to 65535.")
        }
        try balancer?.validate()
        if replacement != nil, balancer == nil {
            throw .badPlan("A replacement needs a balancer that asks each instance whether it is ready.")
        }
        if aftermath < .zero {
            throw .badPlan("The time after the exit must be 0 s or more, not \(aftermath.seconds) s.")
        }
        if !(workload.rate >= 0 && workload.rate <= 100_000) {
            throw .badPlan("The rate must be from 0 to 100,000 requests a second, not \(workload.rate).")
        }
    }

    static func positive(_ time: Time, _ name: String) throws(RunError) {
        if time <= .zero { throw .badPlan("The \(name) must be more than 0 s, not \(time.seconds) s.") }
    }
}

/// How the balancer decides whether new requests go to the server.
package struct BalancerPlan: Hashable, Sendable {
    package var interval: Time
    /// Failed probes in a row until the server is taken out.
    package var threshold: Int
    /// The path that is asked for; any 2xx passes.
    package var path: String

    package init(interval: Time = .seconds(0.4), threshold: Int = 2, path: String = "/readyz") {
        self.interval = interval
        self.threshold = threshold
        self.path = path
    }

    /// Rejects a plan that no balancer can follow.
    package func validate() throws(RunError) {
        try Plan.positive(interval, "interval between two probes")
        if threshold < 1 { throw .badPlan("The balancer's threshold must be 1 or more.") }
        let isVisible = path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "'") }
        guard path.hasPrefix("/"), isVisible else {
            throw .badPlan("The path of a probe must begin with / and hold no spaces or quotes, not \"\(path)\".")
        }
    }
}

/// When a second instance of the same command starts, on a port of its own, with the same files.
///
/// The clients then connect to the balancer, and behave as the connection pools of real clients do: a request that may
/// be repeated (RFC 9110, section 9.2.2) or carries an `Idempotency-Key` is sent once more, on a new connection, when
/// an idle one turns out to be closed before a byte of the answer came (RFC 9112, section 9.3.1). A payment without a
/// key is never repeated by the pool. Payments are tried again for as long as a restart takes.
package enum Replacement: Hashable, Sendable {
    /// The second instance starts once the first one has ended in whatever way, as under a supervisor.
    case afterExit
    /// As in a rolling deploy: the second instance is in rotation before the first gets its signal.
    case beforeSignal
}
