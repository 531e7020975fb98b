internal import LifecycleTrace
package import ShutdownTrace

/// How to run the demo server.
package struct Configuration: Sendable {
    /// What it does at each point where servers differ.
    package var behaviour: Behaviour
    /// The name of that behaviour, for the trace's header.
    package var title: String
    /// TCP port on 127.0.0.1, 0...65535; 0 takes a free one, which the trace's header names.
    package var port: Int
    /// The server's limits; by default the demo's, as ``ShutdownTrace/Budgets/granted(by:)`` the behaviour.
    package var budgets: Budgets
    /// The ledger's SQLite file; created where it is missing.
    package var database: String
    /// The access log's file; lines are appended.
    package var log: String
    /// Whether it writes a trace: where the environment says, else to standard output.
    package var traced: Bool
    /// Whether the process ends as soon as its standard input ends, so that it never outlives its parent.
    package var tied: Bool
    /// The number of this instance where several share a ledger; every answer then names it in `X-Instance`.
    package var instance: Int?
    /// How long a server that starts slowly takes for its start.
    package var slowStart: Time
    /// The command line, for the trace's header.
    package var command: String

    package init(
        _ behaviour: Behaviour = Behaviour(), title: String = "polite", port: Int = 0, budgets: Budgets? = nil,
        database: String, log: String, traced: Bool = true,
        tied: Bool = false, instance: Int? = nil, slowStart: Time = .milliseconds(300),
        command: String = CommandLine.arguments.joined(separator: " ")
    ) {
        self.behaviour = behaviour
        self.title = title
        self.port = port
        self.budgets = budgets ?? Budgets(drain: .seconds(30)).granted(by: behaviour)
        self.database = database
        self.log = log
        self.traced = traced
        self.tied = tied
        self.instance = instance
        self.slowStart = slowStart
        self.command = command
    }

    var destination: TraceDestination {
        guard traced else { return .nowhere }
        return TraceDestination.isWanted ? .environment : .standardOutput
    }

    /// The limits that the server keeps, whatever it was given.
    var limits: Budgets {
        var limits = budgets
        if behaviour.drain == .unlimited { limits.drain = nil }
        return limits
    }
}

extension Budgets {
    /// These limits as a server with this behaviour keeps them, unless another lead is asked for.
    package func granted(by behaviour: Behaviour) -> Budgets {
        var limits = self
        if behaviour.lead == .none { limits.lead = .zero }
        if behaviour.drain == .unlimited { limits.drain = nil }
        return limits
    }
}
