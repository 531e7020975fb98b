import NIOCore
import ShutdownTrace

/// The clients' connections: each is in use or idle, never both.
struct ConnectionPool {
    private var idle: [ClientKind: [(exchange: Exchange, since: Time)]] = [:]
    private var inUse: [ObjectIdentifier: Exchange] = [:]
    private var isClosed = false
    /// A timer looks at the connections in use again and again, until there are none.
    private var isWatched = false

    /// Pools of real clients trust no connection that was idle for long: the server may be closing it.
    static let longestIdle = Time.seconds(1)
    static let mostIdle = 8

    func idleCount(_ kind: ClientKind) -> Int { idle[kind]?.count ?? 0 }

    /// Counts a connection as waiting for an answer; returns whether ``giveUp(after:)`` must be called from now on.
    mutating func use(_ exchange: Exchange) -> Bool {
        defer { isWatched = true }
        inUse[ObjectIdentifier(exchange)] = exchange
        return !isWatched
    }

    mutating func release(_ exchange: Exchange) { inUse[ObjectIdentifier(exchange)] = nil }

    /// Takes the connection that was used last and is still good out of the pool.
    mutating func take(_ kind: ClientKind, at now: Time) -> Exchange? {
        while let (exchange, since) = idle[kind]?.popLast() {
            if exchange.isUsable, now - since < Self.longestIdle { return exchange }
            exchange.close()
        }
        return nil
    }

    /// Keeps a connection that can be used again, and closes the one that was idle for longest when there are too many.
    mutating func giveBack(_ exchange: Exchange, _ kind: ClientKind, at now: Time) {
        guard exchange.isUsable, inUse[ObjectIdentifier(exchange)] == nil else { return }
        guard !isClosed else { return exchange.close() }
        var kept = idle[kind, default: []].filter(\.exchange.isUsable)
        kept.append((exchange, now))
        if kept.count > Self.mostIdle { kept.removeFirst().exchange.close() }
        idle[kind] = kept
    }

    /// Closes the idle connections, and those that are given back from now on.
    mutating func close() {
        isClosed = true
        for (exchange, _) in idle.values.joined() { exchange.close() }
        idle = [:]
    }

    func giveUp() { for exchange in inUse.values { exchange.giveUp() } }

    /// Stops waiting for the answers that are overdue; returns whether others are still awaited.
    mutating func giveUp(after now: NIODeadline) -> Bool {
        for exchange in inUse.values { exchange.giveUp(after: now) }
        isWatched = !inUse.isEmpty
        return isWatched
    }
}
