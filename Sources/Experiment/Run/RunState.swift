import Clients
import Monitoring
import Platform
import ShutdownTrace

/// The state of a run: its phase, with what exists in it, and what was found out so far.
struct RunState: Sendable {
    enum Phase: Sendable {
        case idle
        case prepared(Parts)
        case running(Parts, Server)
        case ended(Parts)
    }

    /// What exists from the preparation on.
    struct Parts: Sendable {
        var recordings: [String]
        let traffic: TrafficGenerator
        let deploy: DeployRun?
    }

    struct Server: Sendable {
        let child: Child
        /// The other end of its standard input.
        let input: Pipe
        let monitor: ProcessMonitor
        var grace: GracePeriod
        var graceTimer: Task<Void, any Error>?
    }

    enum Start: Hashable, Sendable {
        case awaited
        case serving
        /// The time for the first answer passed.
        ///
        /// The server listened on these ports then; it is silent when it took connections to the right port all the same.
        case timedOut(ports: [Int], isSilent: Bool)
    }

    private(set) var phase = Phase.idle
    private(set) var start = Start.awaited
    /// The run is cut short: by a person, or because it turned out to be impossible.
    private(set) var isAbandoned = false
    /// The first error that made the run impossible.
    private(set) var failure: RunError?
    /// A signal was sent to the server: however it ends, it did not end by itself.
    var wasSignalled = false
    /// The first signal that asked the server to stop.
    private(set) var asked: AskedToStop?
    /// When its grace period would be over; as it stands once the server's process has ended.
    private(set) var graceEnd: Time?
    var lead = KeptLead()
    /// The answers that said that the server is still starting.
    var notYet = RepeatedAnswer()
    /// Streams of the orders whose payments the server commits.
    var charges: [AsyncStream<Int>.Continuation] = []

    var parts: Parts? {
        switch phase {
        case .idle: nil
        case .prepared(let parts), .running(let parts, _), .ended(let parts): parts
        }
    }

    var server: Server? { if case .running(_, let server) = phase { server } else { nil } }

    var hasBegun: Bool {
        switch phase {
        case .idle, .prepared: false
        case .running, .ended: true
        }
    }

    mutating func prepare(_ parts: Parts) { phase = .prepared(parts) }

    /// Names the files that hold the whole run so far.
    mutating func record(in files: [String]) {
        switch phase {
        case .idle: break
        case .prepared(var parts):
            parts.recordings = files
            phase = .prepared(parts)
        case .running(var parts, let server):
            parts.recordings = files
            phase = .running(parts, server)
        case .ended(var parts):
            parts.recordings = files
            phase = .ended(parts)
        }
    }

    mutating func run(_ server: Server) { if let parts { phase = .running(parts, server) } }

    mutating func withServer<Result>(_ change: (inout Server) -> Result) -> Result? {
        guard case .running(let parts, var server) = phase else { return nil }
        defer { phase = .running(parts, server) }
        return change(&server)
    }

    /// The first signal that asks the server to stop was sent; a process may end before its grace period has a timer.
    mutating func ask(_ signal: AskedToStop, at time: Time, grace: Time) {
        guard asked == nil else { return }
        asked = signal
        graceEnd = time + grace
    }

    /// The server's process has ended: nothing is sent to it any more, and its grace period is over.
    mutating func end() {
        server?.graceTimer?.cancel()
        graceEnd = server?.grace.expiry ?? graceEnd
        if let parts { phase = .ended(parts) }
    }

    mutating func beginServing() { start = .serving }

    mutating func timeOut(ports: [Int], isSilent: Bool) {
        if start == .awaited { start = .timedOut(ports: ports, isSilent: isSilent) }
    }

    /// Cuts the run short; the first error counts.
    mutating func abandon(because error: RunError? = nil) {
        isAbandoned = true
        failure = failure ?? error
    }
}
