import CLinux
import Glibc
import ShutdownTrace

/// Asks the kernel for the TCP sockets of some ports (sock_diag(7)); no connection is made, and the server cannot notice.
///
/// A look at listening sockets takes about 20 µs. A look at connections walks the kernel's whole table: about 0.2 ms on a
/// machine of 8 GB, and 0.4 µs for each connection of the port.
package final class SocketDiag {
    private let descriptor: Int32
    /// The ports whose sockets a look finds; each costs a walk.
    package var ports: [Int]
    private var room: [clinux_socket]

    /// Sockets that one look stores.
    package static let most = 16_384

    package init(port: Int) throws(Failure) {
        descriptor = clinux_open_diag()
        ports = [port]
        room = Array(repeating: clinux_socket(), count: 256)
        if descriptor < 0 { throw Failure(errno: -descriptor) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package struct Failure: Error {
        package var errno: Int32
    }

    /// Returns the listening sockets; the connections too, if wanted.
    package func look(connections isWide: Bool) throws(Failure) -> Sockets {
        let states = isWide ? Self.listening | Self.connected : Self.listening
        var sockets = Sockets()
        for port in ports {
            let count = try fill(port, states)
            for socket in room[..<min(count, room.count)] { sockets.add(socket) }
            sockets.further += max(0, count - room.count)
        }
        sockets.listeners.sort()
        return sockets
    }

    /// The port of every listening socket of this machine, by its inode.
    func listeners() throws(Failure) -> [Int: Int] {
        let count = try fill(0, Self.listening)
        let pairs = room[..<min(count, room.count)].map { (Int($0.inode), Int($0.own)) }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The sockets that take connections to one of these addresses and the port; each has its inode and its user.
    func listeners(at addresses: [String], port: Int) throws(Failure) -> [(inode: Int, user: Int)] {
        let count = try fill(port, Self.listening)
        return room[..<min(count, room.count)].compactMap { socket in
            var socket = socket
            guard addresses.contains(where: { clinux_takes(&socket, $0) != 0 }) else { return nil }
            return (Int(socket.inode), Int(socket.user))
        }
    }

    /// Puts the sockets of a port into the room, and returns how many there are; port 0 is any.
    private func fill(_ port: Int, _ states: UInt32) throws(Failure) -> Int {
        while true {
            let count = room.withUnsafeMutableBufferPointer {
                clinux_sockets(descriptor, UInt16(port), states, $0.baseAddress, $0.count)
            }
            if count < 0 { throw Failure(errno: Int32(-count)) }
            guard count > room.count, room.count < Self.most else { return count }
            room = Array(repeating: clinux_socket(), count: min(Self.most, count + count / 2))
        }
    }

    private static let listening = bit(TCP_LISTEN)
    /// States in which a process may still wait: not TIME_WAIT, and not half open.
    private static let connected =
        bit(TCP_ESTABLISHED) | bit(TCP_CLOSE_WAIT) | bit(TCP_FIN_WAIT1) | bit(TCP_FIN_WAIT2) | bit(TCP_CLOSING)
        | bit(TCP_LAST_ACK)

    private static func bit(_ state: Int) -> UInt32 { 1 << UInt32(state) }
}

extension Sockets {
    fileprivate mutating func add(_ socket: clinux_socket) {
        if Int(socket.state) == TCP_LISTEN {
            listeners.append(Int(socket.inode))
            ports.insert(Int(socket.own))
            waiting += Int(socket.unread)
            backlog += Int(socket.unsent)
        } else if let cause = Self.cause(socket) {
            connections.append(
                Connection(
                    cookie: socket.cookie, peer: Int(socket.peer), cause: cause, unread: Int(socket.unread),
                    unsent: Int(socket.unsent)))
        }
    }

    /// Nil for a connection that every process has closed: the kernel finishes it alone.
    private static func cause(_ socket: clinux_socket) -> Connection.Cause? {
        let state = Int(socket.state)
        if socket.inode == 0 { return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT ? .queued : nil }
        if socket.unsent > 0, state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT { return .unsent }
        switch state {
        case TCP_ESTABLISHED: return socket.unread > 0 ? .unread : .quiet
        case TCP_CLOSE_WAIT: return .left
        default: return .closing
        }
    }
}
