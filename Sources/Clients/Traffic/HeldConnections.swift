import NIOCore

/// Connections that clients hold open for long: unused ones, and those of slow readers.
struct HeldConnections {
    private var unused: [Int: HeldConnection] = [:]
    private var slowReaders: [Int: any Channel] = [:]
    /// Exchanges of slow readers that begin another request when the server drains.
    private var lateWriters: [Int: Exchange] = [:]
    private(set) var isDraining = false

    mutating func add(_ id: Int, _ connection: HeldConnection) { unused[id] = connection }

    mutating func add(_ id: Int, slowReader channel: any Channel) { slowReaders[id] = channel }

    mutating func add(_ id: Int, lateWriter exchange: Exchange) { lateWriters[id] = exchange }

    mutating func remove(_ id: Int) {
        unused[id] = nil
        slowReaders[id] = nil
        lateWriters[id] = nil
    }

    func lateWriter(_ id: Int) -> Exchange? { lateWriters[id] }

    /// The server drains; returns the late writers of that moment, and none when this was known.
    mutating func beginDraining() -> [Int] {
        defer { isDraining = true }
        return isDraining ? [] : lateWriters.keys.sorted()
    }

    func readOn() {
        for channel in slowReaders.values { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
    }

    func giveUp() { for connection in unused.values { connection.giveUp() } }
}
