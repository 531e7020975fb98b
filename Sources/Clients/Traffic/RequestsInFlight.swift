import Platform

/// Requests between their start and their fate, those that are still connecting included.
struct RequestsInFlight: Sendable {
    private struct Progress {
        var isSent = false
        /// The client's port; known only for requests to a server other than the demo's.
        var port: Int?
    }

    private var lastID = 0
    private var open: [Int: Progress] = [:]
    private(set) var sentCount = 0
    private var waiters: [(count: Int, reached: OneShotEvent)] = []

    var count: Int { open.count }

    /// The connection of each request whose port is known, in the order of the requests.
    var ports: [(id: Int, port: Int)] {
        open.sorted { $0.key < $1.key }.compactMap { id, progress in progress.port.map { (id, $0) } }
    }

    mutating func newID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func begin(_ id: Int) { open[id] = Progress() }

    mutating func place(_ id: Int, on port: Int) { open[id]?.port = port }

    mutating func sent(_ id: Int) {
        guard open[id]?.isSent == false else { return }
        open[id]?.isSent = true
        sentCount += 1
        release(upTo: sentCount)
    }

    mutating func end(_ id: Int) {
        if open.removeValue(forKey: id)?.isSent == true { sentCount -= 1 }
    }

    /// An event that fires when so many requests have been sent and not been answered yet.
    mutating func reach(_ count: Int) -> OneShotEvent {
        let reached = OneShotEvent()
        if sentCount >= count { reached.fire() } else { waiters.append((count, reached)) }
        return reached
    }

    mutating func releaseWaiters() { release(upTo: .max) }

    private mutating func release(upTo count: Int) {
        for waiter in waiters where waiter.count <= count { waiter.reached.fire() }
        waiters.removeAll { $0.count <= count }
    }
}
