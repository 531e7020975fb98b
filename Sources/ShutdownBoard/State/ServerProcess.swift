package import ShutdownTrace

/// The server's process as the kernel and the supervisor saw it.
package struct ServerProcess: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Nothing was started yet, or the trace does not say.
        case absent
        /// It runs, and has not answered yet.
        case starting(since: Time)
        /// It answers.
        case serving(since: Time)
        case gone(ExitStatus, at: Time)
    }

    package internal(set) var state = State.absent
    /// Whether it has answered, or listened, at some time.
    var hasServed: Bool { servedAt != nil }
    /// When it answered, or listened, for the first time.
    var servedAt: Time?
    package internal(set) var pid: Int?
    package internal(set) var port: Int?
    /// Since when it is stopped by SIGSTOP or its kin.
    package internal(set) var frozenSince: Time?
    /// The signal that stopped it last, where the kernel said so.
    var frozenBy: Signal?
    /// "SIGTSTP", or what is known of the signal that stopped it.
    package var stopSignalName: String { frozenBy?.name ?? "a stop signal" }
    /// What the server says of itself in its answers.
    var product: String?
    /// Whether it was still stopped when it died.
    package internal(set) var diedFrozen = false
    /// What it printed besides its trace.
    package internal(set) var printed = PrintedLines()
    /// What it is made with, as one of its first lines says.
    package internal(set) var framework: Framework.Recognised?
    private var printedCount = 0
    private static let firstLines = 200

    /// Whether the run is over and everything that could be looked at was looked at.
    package internal(set) var isRunOver = false

    /// The exit status and its moment, once the process is gone.
    package var exit: (status: ExitStatus, at: Time)? {
        if case .gone(let status, let at) = state { (status, at) } else { nil }
    }

    mutating func print(_ line: String) {
        printed.add(line)
        printedCount += 1
        guard framework == nil, printedCount <= Self.firstLines else { return }
        framework = Framework.recognised(in: line)
    }

    package var isGone: Bool { exit != nil }

    mutating func exit(_ status: ExitStatus, at time: Time) {
        state = .gone(status, at: time)
        diedFrozen = frozenSince != nil
        frozenSince = nil
    }
}
