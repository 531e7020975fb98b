import Platform
import ShutdownTrace

/// What each kind of blocker is, as fields and as a sentence. `TraceFormat.md` lists the kinds and causes.
extension Blockers {
    /// Connections that one look compares; of thousands the first few say as much as all.
    static let compared = 256

    /// Connections, those on which something is under way first.
    package mutating func take(_ connections: [Sockets.Connection]) -> [(kind: EventKind, fields: Fields)] {
        var chosen: [Sockets.Connection] = []
        for cause in Sockets.Connection.Cause.allCases {
            for connection in connections where connection.cause == cause {
                if chosen.count >= Self.compared { break }
                chosen.append(connection)
            }
        }
        let byCookie = Dictionary(chosen.map { ($0.cookie, $0) }) { first, _ in first }
        let seen = chosen.map { Candidate(key: $0.cookie, cause: $0.cause.rawValue) }
        return take(seen) { byCookie[$0.key].map(Self.fields) ?? [:] }
    }

    /// The listening socket, while somebody holds it.
    package mutating func take(listening port: Int?) -> [(kind: EventKind, fields: Fields)] {
        take(port.map { [Candidate(key: UInt64($0), cause: "open")] } ?? []) {
            [
                .name: "listener", .kind: "listener", .cause: "open", .port: .number($0.key),
                .text: .string("the server still listens on port \($0.key)"),
            ]
        }
    }

    /// Processes besides the server's own.
    package mutating func take(_ family: Family) -> [(kind: EventKind, fields: Fields)] {
        let members = Array(family.members.values) + Array(family.zombies.values)
        let others = members.filter { $0.pid != family.server }.sorted { $0.pid < $1.pid }
        let byPid = Dictionary(others.map { (UInt64($0.pid), $0) }) { first, _ in first }
        let seen = others.map { member in
            let isStopped = member.stat.state == "T" || member.stat.state == "t"
            let isAlive = family.members[member.pid] != nil
            return Candidate(
                key: UInt64(member.pid), cause: !isAlive ? "zombie" : isStopped ? "stopped" : "alive")
        }
        return take(seen) { candidate in
            byPid[candidate.key].map { Self.fields($0, candidate.cause) } ?? [:]
        }
    }

    private static func fields(_ connection: Sockets.Connection) -> Fields {
        var fields: Fields = [
            .name: .string("connection \(connection.peer)"), .kind: "connection",
            .cause: .string(connection.cause.rawValue), .port: .number(connection.peer),
        ]
        switch connection.cause {
        case .unsent: fields[.count] = .number(connection.unsent)
        case .unread: fields[.count] = .number(connection.unread)
        default: break
        }
        fields[.text] = .string(text(connection))
        return fields
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

    private static func fields(_ member: Member, _ cause: String) -> Fields {
        let name = "process \(member.pid)"
        let text =
            switch cause {
            case "zombie": "\(name) \(member.facts.command) has ended, and its parent has not asked how"
            case "stopped": "\(name) \(member.facts.command) is frozen by a stop signal"
            default: "\(name) \(member.facts.command) is alive" + (member.facts.listens ? " and listens" : "")
            }
        return [
            .name: .string(name), .kind: "process", .cause: .string(cause), .pid: .number(member.pid),
            .text: .string(text),
        ]
    }
}
