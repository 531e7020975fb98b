import ShutdownTrace

/// How one process of a run is started: its command line and what is added to its environment.
struct Launch: Sendable {
    var command: [String]
    var environment: [String: String] = [:]
    /// The working directory; nil for that of this process.
    var directory: String?
    /// An entry of its environment by which the processes that it started are found afterwards.
    var mark = ""

    /// The command line for the trace: without the folder of the executable, which is private.
    var told: String {
        let name = command.first?.split(separator: "/").last.map(String.init) ?? ""
        return ([name] + command.dropFirst()).joined(separator: " ")
    }

    init(command: [String]) {
        self.command = command
    }

    /// An instance of the server: 1 for the judged one, 2 for its replacement, each with a mark of its own.
    ///
    /// `run` is unique among the runs since boot.
    init(_ plan: Plan, run: Int, instance: Int, port: Int) {
        command = plan.command.map {
            $0.replacing("{port}", with: String(port)).replacing("{instance}", with: String(instance))
        }
        // Two runs may begin in the same microsecond, but never on the same port.
        let value = "\(run).\(port).\(instance)"
        environment = plan.environment
        environment["PORT"] = String(port)
        environment["DRAINBOARD_RUN"] = value
        // The run that this process itself may be part of has another channel.
        environment[TraceChannel.variable] = ""
        if plan.replacement != nil { environment["DRAINBOARD_INSTANCE"] = String(instance) }
        directory = plan.workingDirectory
        mark = "DRAINBOARD_RUN=\(value)"
    }
}
