import ShutdownTrace

/// How one process of a run is started: its command line and what is added to its environment.
struct Launch: Sendable {
    var command: [String]
    var environment: [String: String] = [:]
    /// Nil for the folder of this process.
    var directory: String?
    /// An entry of its environment by which its family is found afterwards.
    var mark = ""

    /// A command line as a trace tells it: without the folder of the executable, which is nobody else's business.
    var told: String {
        let name = command.first?.split(separator: "/").last.map(String.init) ?? ""
        return ([name] + command.dropFirst()).joined(separator: " ")
    }

    init(command: [String]) {
        self.command = command
    }

    /// An instance of the server: 1 for the judged one, 2 for its replacement, each with a mark of its own.
    ///
    /// `run` is another number for each run of the machine.
    init(_ plan: Plan, run: Int, instance: Int, port: Int) {
        command = plan.command.map {
            $0.replacing("{port}", with: String(port)).replacing("{instance}", with: String(instance))
        }
        // Two runs may begin in the same microsecond, but never on the same port.
        let value = "\(run).\(port).\(instance)"
        environment = plan.environment
        environment["PORT"] = String(port)
        environment["DRAINBOARD_RUN"] = value
        // Not the one of a run that this process itself may be part of.
        environment[TraceChannel.variable] = ""
        if plan.replacement != nil { environment["DRAINBOARD_INSTANCE"] = String(instance) }
        directory = plan.workingDirectory
        mark = "DRAINBOARD_RUN=\(value)"
    }
}
