import Platform
import ShutdownTrace

/// Each kind of blocker as a value and as a sentence.
///
/// `TraceFormat.md` lists the kinds and causes.
extension Blockers<BlockerCause.Connection> {
    /// The most connections that one look compares.
    private static var compared: Int { 256 }

    /// Compares connections, those on which bytes are under way first.
    mutating func take(_ connections: [Sockets.Connection]) -> [ObservationEvent] {
        var chosen: [Sockets.Connection] = []
        for cause in Sockets.Connection.Cause.allCases {
            for connection in connections where connection.cause == cause {
                if chosen.count >= Self.compared { break }
                chosen.append(connection)
            }
        }
        let byCookie = Dictionary(chosen.map { ($0.cookie, $0) }) { first, _ in first }
        let seen = chosen.map { Candidate(key: $0.cookie, state: $0.cause) }
        return take(seen) { byCookie[$0.key].map(Self.blocker) }
    }

    private static func blocker(_ connection: Sockets.Connection) -> ObservationEvent.SeenBlocker {
        let bytes: Int? =
            switch connection.cause {
            case .unsent: connection.unsent
            case .unread: connection.unread
            case .queued, .quiet, .left, .closing: nil
            }
        return .init(
            name: "connection \(connection.peer)", cause: .connection(connection.cause), text: text(connection),
            port: connection.peer, count: bytes)
    }

    private static func text(_ connection: Sockets.Connection) -> String {
        let name = "the connection from port \(connection.peer)"
        return switch connection.cause {
        case .unsent: "\(name) has \(bytes(connection.unsent)) that its client has not taken: it reads slowly"
        case .unread: "\(name) has \(bytes(connection.unread)) that the server has not read"
        case .left: "\(name): the client has closed its side, the server has not"
        case .closing: "\(name): the server has closed its side and waits for the client"
        case .queued: "\(name) waits in the accept queue: nobody has accepted it"
        case .quiet: "\(name) is open and nothing is under way on it: idle, or its request is being worked on"
        }
    }

    private static func bytes(_ count: Int) -> String { "\(count) byte\(count == 1 ? "" : "s")" }
}

/// A listening socket, whose port is the state.
extension Blockers<Int> {
    /// Compares the listening socket; nil when there is none.
    mutating func take(listening port: Int?) -> [ObservationEvent] {
        take(port.map { [Candidate(key: UInt64($0), state: $0)] } ?? []) {
            .init(
                name: "listener", cause: .listener, text: "the server still listens on port \($0.state)",
                port: $0.state)
        }
    }
}

extension Blockers<BlockerCause.Process> {
    /// Compares the processes besides the server's own.
    mutating func take(_ tree: ProcessTree) -> [ObservationEvent] {
        let members = Array(tree.members.values) + Array(tree.zombies.values)
        let others = members.filter { $0.pid != tree.server }.sorted { $0.pid < $1.pid }
        let byPid = Dictionary(others.map { (UInt64($0.pid), $0) }) { first, _ in first }
        let seen = others.map { member in
            let isStopped = member.stat.state == "T" || member.stat.state == "t"
            let cause: BlockerCause.Process =
                tree.members[member.pid] == nil ? .zombie : isStopped ? .stopped : .alive
            return Candidate(key: UInt64(member.pid), state: cause)
        }
        return take(seen) { candidate in byPid[candidate.key].map { Self.blocker($0, candidate.state) } }
    }

    private static func blocker(
        _ member: Member, _ cause: BlockerCause.Process
    ) -> ObservationEvent.SeenBlocker {
        let name = "process \(member.pid)"
        let text =
            switch cause {
            case .zombie: "\(name) \(member.facts.command) has ended, and its parent has not asked how"
            case .stopped: "\(name) \(member.facts.command) is frozen by a stop signal"
            case .alive:
                "\(name) \(member.facts.command) is alive" + (member.facts.listens == true ? " and listens" : "")
            }
        return .init(name: name, cause: .process(cause), text: text, pid: member.pid)
    }
}
