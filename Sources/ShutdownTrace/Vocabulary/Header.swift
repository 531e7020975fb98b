/// The first line of a trace: what ran, when, and within which limits.
///
/// ```json
/// {"drainboard":1,"started":"2026-01-31T17:02:11.250Z","clock":81240.118209,"title":"polite",
///  "command":"drainboard serve --scenario polite","pid":41213,"port":8080,"drain":30,"grace":45}
/// ```
public struct Header: Hashable, Sendable {
    /// The format that this module writes.
    ///
    /// A reader accepts it and everything below.
    public static let currentVersion = 1

    public var version: Int
    /// Wall-clock start in RFC 3339, UTC.
    ///
    /// For people; nothing is computed from it.
    public var started: String
    /// CLOCK_MONOTONIC at `t` 0, in microseconds.
    ///
    /// Traces of one machine can be merged by it.
    public var clock: Time
    /// The scenario's name, or the program's.
    public var title: String
    public var command: String
    public var pid: Int?
    /// Everything else: port, seed, rate, and the budgets, in the keys of ``Fields/Key``.
    public var fields: Fields

    public init(
        started: String, clock: Time, title: String, command: String, pid: Int? = nil, fields: Fields = [:],
        version: Int = currentVersion
    ) {
        self.version = version
        self.started = started
        self.clock = clock
        self.title = title
        self.command = command
        self.pid = pid
        self.fields = fields
    }

    /// The time that the supervisor grants between the first signal and SIGKILL.
    public var grace: Time? { fields.time(.grace) }

    /// The time that the server grants requests and WebSockets.
    public var drain: Time? { fields.time(.drain) }

    public var port: Int? { fields.int(.port) }
}
