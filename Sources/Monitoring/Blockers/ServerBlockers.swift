import ShutdownTrace

/// Everything outside a server's own words that may hold up its end: connections, processes, the listener, waits.
struct ServerBlockers {
    private var connections = Blockers<BlockerCause.Connection>(limit: 16)
    private var processes = Blockers<BlockerCause.Process>(limit: 16)
    private var listener = Blockers<Int>(limit: 1)
    private var threadWaits = ThreadWaits()
    private var processorWaits = ProcessorWaitSampler()
    /// The first look after a signal that asks the server to stop.
    private var stoppingSince: Time?
    /// The process that listens, or the last one that did.
    private var serving: Int

    /// While the server listens, quiet connections count as holding it up only after this time.
    private static let patience = Time.seconds(1)

    init(server: Int) { serving = server }

    /// Compares the connections of a server that nobody here asks: they are all there is to see of its work.
    mutating func take(_ sockets: Sockets) -> [ObservationEvent] { connections.take(sockets.connections) }

    /// Compares all kinds of blockers after a signal that asks the server to stop.
    ///
    /// `port` is the port that is reported, nil when the server does not listen. `areQuietTold` says that quiet connections
    /// were reported before, and stay reported; `isDeep` says that threads and files are read too.
    mutating func take(
        _ sockets: Sockets, _ tree: ProcessTree, port: Int?, areQuietTold: Bool, isDeep: Bool, at time: Time
    ) -> [ObservationEvent] {
        let since = stoppingSince ?? time
        stoppingSince = since
        let countsQuiet = areQuietTold || port == nil || time - since >= Self.patience
        let relevant = countsQuiet ? sockets.connections : sockets.connections.filter { $0.cause != .quiet }
        var events = connections.take(relevant) + processes.take(tree)
        events += listener.take(listening: port)
        if let wait = processorWaits.look(at: tree.members.keys.sorted()) { events.append(.processorAwaited(wait)) }
        guard isDeep else { return events }
        let listening = tree.members.values.filter { $0.facts.listens == true }.map(\.pid).sorted()
        if !listening.contains(serving), let first = listening.first { serving = first }
        if let member = tree.members[serving] ?? tree.members[tree.server] {
            events += threadWaits.look(at: member, isIdle: sockets.connections.isEmpty)
        }
        return events
    }
}
