package import ShutdownTrace

/// The TCP sockets of a server's ports, as the kernel showed them in one look.
package struct Sockets: Hashable, Sendable {
    /// A connection, from the server's end.
    package struct Connection: Hashable, Sendable {
        /// What it shows of who waits for whom.
        package typealias Cause = BlockerCause.Connection

        /// Names this socket for ever, unlike its ports.
        var cookie: UInt64
        /// The client's port.
        var peer: Int
        var cause: Cause
        var unread: Int
        var unsent: Int

        /// Whether a process of the server holds it: not so in the accept queue.
        var isHeld: Bool { cause != .queued }
    }

    /// The inodes of the sockets that listen.
    var listeners: [Int] = []
    /// The ports on which they do.
    var ports: Set<Int> = []
    /// Connections in the accept queue, and how many it takes.
    var waiting = 0
    var backlog = 0
    /// Those that a process holds, and those that wait to be accepted; at most as many as a look stores.
    package var connections: [Connection] = []
    /// Connections beyond those.
    var further = 0

    package var isListening: Bool { !listeners.isEmpty }

    /// What `sockets.seen` tells.
    package struct Counts: Hashable, Sendable {
        package var waiting = 0
        package var backlog = 0
        package var open = 0
        package var quiet = 0
        package var unread = 0
        package var unsent = 0
    }

    var counts: Counts {
        var counts = Counts(waiting: waiting, backlog: backlog, open: further)
        for connection in connections {
            if connection.isHeld { counts.open += 1 }
            if connection.cause == .quiet { counts.quiet += 1 }
            counts.unread += connection.unread
            counts.unsent += connection.unsent
        }
        return counts
    }
}
