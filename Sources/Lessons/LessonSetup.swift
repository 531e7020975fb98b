package import Clients
internal import DemoServer
package import Experiment
internal import ShutdownBoard
package import ShutdownTrace

/// What is arranged around the server of a lesson so that its fault shows.
///
/// The fault itself is in the server's code (`Behaviour`). What a teacher would otherwise arrange by hand is here: which
/// traffic, which limits, which balancer, who starts the server, which signals.
package struct LessonSetup: Sendable {
    /// Whether a person or nobody watches, which decides how long everything takes.
    package enum Pace: Hashable, Sendable {
        /// A person watches, and presses the keys.
        case watched
        /// Nobody watches: requests are short, and the signals come by themselves.
        case checked
    }

    package let scenario: Scenario
    /// Whether the server is the mended one.
    package let isMended: Bool
    package let pace: Pace
    /// Of these the lead and the limit of the drain reach the server; the others are its own.
    package var budgets: Budgets
    /// The time between the first signal and SIGKILL.
    package var grace: Time
    package var balancer = BalancerPlan()
    package var workload: Workload
    /// The signals that are sent without a key.
    package var signals: [ScheduledSignal] = []
    /// The second instance, where there is one.
    package var replacement: Replacement?
    /// Whether a shell that passes no signal on stands between the supervisor and the server.
    package var isWrapped = false
    /// Whether the lead is kept up until the balancer has let go: a checked run shows the server, not the machine's load.
    ///
    /// A server without a lead gets none by that: it is what some lessons are about.
    package var keepsLead: Bool
    /// How long the server of a slow start takes for it; nil for its own time.
    package var slowStart: Time?
    /// Whether signals go to the server's whole process group, as Ctrl-C in a terminal does.
    package var signalsGroup = false

    /// Sets a lesson up.
    ///
    /// - Parameters:
    ///   - scenario: The lesson.
    ///   - isMended: Whether the server is the mended one.
    ///   - pace: Whether a person watches.
    ///   - rate: Requests a second; nil for what suits the pace.
    ///   - drain: The server's limit for requests in flight; nil for what the lesson needs.
    ///   - longest: The drain that the longest requests of a watched run are made for.
    ///   - after: How long a checked run has traffic before its first signal.
    ///   - signal: The first signal of a checked run; nil for the lesson's own, which is SIGTERM for most.
    package init(
        _ scenario: Scenario, isMended: Bool = false, pace: Pace, rate: Double? = nil, drain: Time? = nil,
        longest: Time? = nil, after: Time = .seconds(1.5), signal: Signal? = nil
    ) {
        self.scenario = scenario
        self.isMended = isMended
        self.pace = pace
        let limits = Budgets(drain: drain ?? .seconds(30))
        budgets = limits.granted(by: scenario.server(mended: isMended).behaviour)
        keepsLead = pace == .checked
        grace = limits.grace
        switch pace {
        case .watched: workload = .demo(rate: rate ?? 40, drain: longest ?? drain ?? .seconds(30))
        case .checked:
            workload = .brisk
            if let rate { workload.rate = rate }
            // Wait for work in flight, or the run would show nothing; with little traffic, for as much as there can be.
            signals = [
                ScheduledSignal(scenario.signal, after: after, when: .inFlight(min(10, Int(workload.rate / 6))))
            ]
        }
        scenario.configure(&self)
        if let signal, !signals.isEmpty { signals[0].signal = signal }
    }

    /// Makes it a rolling deploy: the second instance is in rotation before the first gets its signal.
    ///
    /// Clients that keep idle connections or open WebSockets see an end that is no loss; what is counted are requests.
    package mutating func deploy() {
        replacement = .beforeSignal
        workload.idleConnections = 0
    }

    /// Gives the server just this lead; a grace period in which its limits fitted grows with it.
    package mutating func grant(lead: Time) {
        if grace >= budgets.grace { grace += max(.zero, lead - budgets.lead) }
        budgets.lead = lead
        keepsLead = false
    }

    /// Its name on the screen and in reports.
    package var title: String { scenario.title(mended: isMended) }

    /// The arguments of `serve` beside the port and the files.
    package var arguments: [String] {
        ["--scenario", scenario.name] + (isMended ? ["--mended"] : [])
            + (budgets.drain.map { ["--timeout", "\($0.seconds)"] } ?? []) + ["--lead", "\(budgets.lead.seconds)"]
            + (slowStart.map { ["--slow-start", "\($0.seconds)"] } ?? [])
    }
}
