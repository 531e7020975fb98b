package import ShutdownTrace

/// The TCP sockets of a server's ports, as the kernel showed them in one look.
package struct Sockets: Hashable, Sendable {
    /// A connection, from the server's end.
    package struct Connection: Hashable, Sendable {
        /// Which side waits for which.
        package typealias Cause = BlockerCause.Connection

        /// Unique for the socket, unlike its ports.
        var cookie: UInt64
        /// The client's port.
        var peer: Int
        var cause: Cause
        var unread: Int
        var unsent: Int

        /// Whether a process of the server holds the connection; in the accept queue none does.
        var isHeld: Bool { cause != .queued }
    }

    /// The inodes of the sockets that listen.
    var listeners: [Int] = []
    /// The ports on which the sockets listen.
    var ports: Set<Int> = []
    /// Connections in the accept queues.
    var waiting = 0
    /// How many connections the accept queues take.
    var backlog = 0
    /// Held and queued connections, at most as many as a look stores.
    package var connections: [Connection] = []
    /// The number of connections beyond those.
    var further = 0

    package var isListening: Bool { !listeners.isEmpty }

    /// The numbers of the event `sockets.seen`.
    var counts: ObservationEvent.SocketCounts {
        var counts = ObservationEvent.SocketCounts(waiting: waiting, backlog: backlog, open: further)
        for connection in connections {
            if connection.isHeld { counts.open += 1 }
            if connection.cause == .quiet { counts.quiet += 1 }
            counts.unread += connection.unread
            counts.unsent += connection.unsent
        }
        return counts
    }
}
