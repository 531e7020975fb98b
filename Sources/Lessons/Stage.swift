public import DemoServer
public import Experiment
public import ShutdownTrace

/// How a lesson is staged: everything around the server that makes its fault show.
///
/// The fault itself is in the server's code (`Behaviour`). What a teacher would otherwise arrange by hand is here: which
/// traffic, which limits, which balancer, who starts the server, which signals.
public struct Stage: Sendable {
    /// Whose patience the times are made for.
    public enum Pace: Hashable, Sendable {
        /// A person watches, and presses the keys.
        case watched
        /// Nobody does: short requests, and the signals come by themselves.
        case checked
    }

    public let scenario: Scenario
    /// Whether the server is the mended one.
    public let isMended: Bool
    public let pace: Pace
    public var budgets: Budgets
    /// Between the first signal and SIGKILL.
    public var grace: Time
    public var balancer = BalancerPlan()
    public var workload: Workload
    /// What is sent without anybody pressing a key.
    public var signals: [ScheduledSignal] = []
    /// Who takes over, if anybody does.
    public var replacement: Replacement?
    /// Whether a shell that passes no signal on stands between the supervisor and the server.
    public var isWrapped = false
    /// Whether the lead is kept up until the balancer has let go: a checked run shows the server, not the machine's load.
    ///
    /// A server without a lead gets none by that: it is what some lessons are about.
    public var keepsLead: Bool
    /// How long the server of a slow start takes for it; nil for its own time.
    public var slowStart: Time?
    /// Whether signals go to the server's whole process group, as Ctrl-C in a terminal does.
    public var signalsGroup = false

    /// Stages a lesson.
    ///
    /// - Parameters:
    ///   - scenario: Which.
    ///   - isMended: Whether the server is the mended one.
    ///   - pace: Whose patience the times are made for.
    ///   - rate: Requests a second; nil for what suits the pace.
    ///   - drain: The server's limit for requests in flight; nil for what the lesson needs.
    ///   - longest: What the longest requests of a watched run are made for.
    ///   - after: The traffic before the first signal of a checked run.
    ///   - signal: The first signal of a checked run; nil for the lesson's own, which is SIGTERM for most.
    public init(
        _ scenario: Scenario, isMended: Bool = false, pace: Pace, rate: Double? = nil, drain: Time? = nil,
        longest: Time? = nil, after: Time = .seconds(1.5), signal: Signal? = nil
    ) {
        (self.scenario, self.isMended, self.pace) = (scenario, isMended, pace)
        let limits = Budgets(drain: drain ?? .seconds(30))
        budgets = limits.granted(by: scenario.behaviour(mended: isMended))
        keepsLead = pace == .checked
        grace = limits.grace
        switch pace {
        case .watched: workload = .demo(rate: rate ?? 40, drain: longest ?? drain ?? .seconds(30))
        case .checked:
            workload = .brisk
            if let rate { workload.rate = rate }
            // Wait for work in flight, or the run would show nothing; with little traffic, for as much as there can be.
            signals = [
                ScheduledSignal(signal ?? .terminate, after: after, whenInFlight: min(10, Int(workload.rate / 6)))
            ]
        }
        direct()
        if let signal, let first = signals.first {
            signals[0] = ScheduledSignal(
                signal, after: first.after, since: first.since, when: first.condition, to: first.target)
        }
    }

    /// Makes it a rolling deploy: the second instance is in rotation before the first gets its signal.
    ///
    /// Clients that keep idle connections or open WebSockets see an end that is no loss; what is counted are requests.
    public mutating func deploy() {
        replacement = .beforeSignal
        workload.idleConnections = 0
    }

    /// Gives the server just this lead; a grace period in which its limits fitted grows with it.
    public mutating func grant(lead: Time) {
        if grace >= budgets.grace { grace += max(.zero, lead - budgets.lead) }
        (budgets.lead, keepsLead) = (lead, false)
    }

    /// Its name on the screen and in reports.
    public var title: String { scenario.name + (isMended ? ", mended" : "") }

    /// What `serve` is told beside the port and the files.
    public var arguments: [String] {
        ["--scenario", scenario.name] + (isMended ? ["--mended"] : [])
            + (budgets.drain.map { ["--timeout", "\($0.seconds)"] } ?? []) + ["--lead", "\(budgets.lead.seconds)"]
            + (slowStart.map { ["--slow-start", "\($0.seconds)"] } ?? [])
    }
}
