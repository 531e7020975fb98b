/// What the header of a trace says of the run beside the program and its start; each value is nil where it does not say.
public struct RunFacts: Hashable, Sendable {
    /// Which server ran; nil for a program that is not Drainboard's own.
    public var server: ServerKind?
    /// The random seed of the traffic.
    public var seed: UInt64?
    /// Requests a second that the clients start.
    public var rate: Double?
    /// The port that the server serves on.
    public var port: Int?
    /// The server's own limits.
    public var budgets: Budgets?
    /// What the supervisor grants between the first signal and SIGKILL.
    public var grace: Time?
    /// Whether no client asked the server anything, so that only what was seen from outside is known of it.
    public var isUnasked = false
    /// Whether the lines of another program's log carry no time, so that only their order means anything.
    public var isUntimed = false
    /// Failed probes until the load balancer takes the server out of rotation.
    public var threshold: Int?
    /// Between two probes.
    public var interval: Time?
    /// How Drainboard was called.
    public var invocation: Invocation?
    /// What its clients asked for, as the person wrote it.
    public var url: String?
    /// The version of Drainboard that made the run.
    public var version: String?
    /// The kind of machine: its kernel, architecture and processors, and no name.
    public var host: String?

    public init() {}

    /// The servers that are Drainboard's own.
    public enum ServerKind: String, Hashable, Sendable, CaseIterable {
        /// The demo server of the lessons; the header's title names the lesson.
        case demo
    }

    /// As fields of a header.
    public var fields: Fields {
        let own = WireEvent(
            .unknown,
            [
                .server: .word(server), .seed: seed.map { .number($0) }, .rate: rate.map { .double($0) },
                .port: .number(port),
            ])
        let limits = WireEvent(
            .unknown,
            [
                .grace: .span(grace), .unasked: isUnasked ? true : nil, .untimed: isUntimed ? true : nil,
                .threshold: .number(threshold), .interval: .span(interval),
            ])
        let origin = WireEvent(
            .unknown,
            [
                .invocation: .text(invocation?.description), .url: .text(url), .version: .text(version),
                .host: .text(host),
            ])
        return Fields(
            Array(own.fields.entries) + Array(budgets?.fields.entries ?? []) + Array(limits.fields.entries)
                + origin.fields.entries)
    }

    /// Reads what ``fields`` wrote.
    public init(_ fields: Fields) {
        seed = fields.int(.seed).map { UInt64(clamping: $0) }
        rate = fields.double(.rate)
        port = fields.int(.port)
        budgets = Budgets(fields)
        grace = fields.time(.grace)
        isUnasked = fields.bool(.unasked) ?? false
        isUntimed = fields.bool(.untimed) ?? false
        threshold = fields.int(.threshold)
        interval = fields.time(.interval)
        invocation = fields.string(.invocation).flatMap { Invocation($0) }
        url = fields.string(.url)
        version = fields.string(.version)
        host = fields.string(.host)
        // Older traces have no such field. Only the demo server's limits are known before it runs.
        server = fields.word(.server) ?? (seed != nil && budgets != nil ? .demo : nil)
    }
}

extension Header {
    /// What it says of the run.
    public var facts: RunFacts { RunFacts(fields) }
}
