import Foundation
import Glibc
import Testing

@testable import Experiment

@Suite(.timeLimit(.minutes(1))) struct `The sockets of a port` {
    @Test func `are a listener with its accept queue, of which nobody holds the connections`() throws {
        let listener = try Endpoint.listening(backlog: 7)
        let diag = try SocketDiag(port: listener.port)
        #expect(try diag.look(connections: true).counts == .init(waiting: 0, backlog: 7))
        let clients = try (0..<3).map { _ in try Endpoint.connected(to: listener.port) }
        let sockets = try diag.look(connections: true)
        #expect(sockets.isListening)
        #expect(sockets.waiting == 3)
        #expect(sockets.connections.map(\.cause) == [.queued, .queued, .queued])
        #expect(Set(sockets.connections.map(\.peer)) == Set(clients.map(\.port)))
        #expect(sockets.counts.open == 0)
        #expect(try diag.look(connections: false).connections.isEmpty)
        listener.close()
        #expect(try !diag.look(connections: true).isListening)
        for client in clients { client.close() }
    }

    @Test(arguments: [false, true])
    func `say who waits for whom`(isV6: Bool) throws {
        let listener = try Endpoint.listening(isV6: isV6)
        defer { listener.close() }
        let diag = try SocketDiag(port: listener.port)
        let client = try Endpoint.connected(to: listener.port, isV6: isV6)
        let server = listener.accepted()
        func only() throws -> Sockets.Connection { try #require(try diag.look(connections: true).connections.first) }

        #expect(try only().cause == .quiet)
        client.send(5)
        #expect(try only().cause == .unread)
        #expect(try only().unread == 5)
        server.read(5)
        #expect(try only().cause == .quiet)
        server.fill()
        #expect(try only().cause == .unsent)
        #expect(try only().unsent > 10_000)
        #expect(try diag.look(connections: true).counts.unsent > 10_000)
        client.drain()
        #expect(try only().cause == .quiet)
        let cookie = try only().cookie
        client.shut()
        #expect(try only().cause == .left)
        #expect(try only().cookie == cookie)
        server.close()
        // The kernel ends it alone: nobody waits for it.
        #expect(try diag.look(connections: true).connections.isEmpty)
        client.close()
    }

    @Test func `say that the server waits for its client`() throws {
        let listener = try Endpoint.listening()
        defer { listener.close() }
        let diag = try SocketDiag(port: listener.port)
        let client = try Endpoint.connected(to: listener.port)
        let server = listener.accepted()
        server.shut()
        #expect(try diag.look(connections: true).connections.map(\.cause) == [.closing])
        client.close()
        server.close()
    }

    @Test func `are none of another port's`() throws {
        let (one, other) = (try Endpoint.listening(), try Endpoint.listening())
        let client = try Endpoint.connected(to: other.port)
        #expect(try SocketDiag(port: one.port).look(connections: true).connections.isEmpty)
        #expect(try SocketDiag(port: other.port).look(connections: true).connections.count == 1)
        for end in [one, other, client] { end.close() }
    }

    @Test func `are counted when there are more of them than the first look had room for`() throws {
        let listener = try Endpoint.listening(backlog: 1_024)
        let clients = try (0..<400).map { _ in try Endpoint.connected(to: listener.port) }
        let sockets = try SocketDiag(port: listener.port).look(connections: true)
        #expect(sockets.connections.count == 400)
        #expect(sockets.waiting == 400)
        #expect(sockets.further == 0)
        for end in clients + [listener] { end.close() }
    }
}

/// One end of a TCP connection on loopback, or a listener, with blocking calls.
struct Endpoint {
    let descriptor: Int32
    /// Its own.
    let port: Int

    static func listening(backlog: Int32 = 16, isV6: Bool = false) throws -> Endpoint {
        try make(isV6, port: 0) { bind($0, $1, $2) == 0 && listen($0, backlog) == 0 }
    }

    static func connected(to port: Int, isV6: Bool = false) throws -> Endpoint {
        try make(isV6, port: port) { connect($0, $1, $2) == 0 }
    }

    func accepted() -> Endpoint { Endpoint(descriptor: accept(descriptor, nil, nil), port: port) }

    func send(_ count: Int) {
        _ = Glibc.send(descriptor, [UInt8](repeating: 120, count: count), count, Int32(MSG_NOSIGNAL))
    }

    func read(_ count: Int) {
        var bytes = [UInt8](repeating: 0, count: count)
        _ = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
    }

    /// Writes until nobody takes any more.
    func fill() {
        let bytes = [UInt8](repeating: 120, count: 65_536)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        while Glibc.send(descriptor, bytes, bytes.count, flags) > 0 {}
    }

    /// Reads until nothing comes for a while.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&wait, 1, 300) > 0, Glibc.read(descriptor, &bytes, bytes.count) > 0 {}
    }

    func shut() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    func close() { _ = Glibc.close(descriptor) }

    private static func make(
        _ isV6: Bool, port: Int, _ begin: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws -> Endpoint {
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var storage = sockaddr_storage()
        var length = socklen_t(isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let own: Int? = withUnsafeMutablePointer(to: &storage) { pointer in
            if isV6 {
                pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    $0.pointee.sin6_family = sa_family_t(AF_INET6)
                    $0.pointee.sin6_addr = in6addr_loopback
                    $0.pointee.sin6_port = UInt16(port).bigEndian
                }
            } else {
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    $0.pointee.sin_family = sa_family_t(AF_INET)
                    $0.pointee.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                    $0.pointee.sin_port = UInt16(port).bigEndian
                }
            }
            return pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard begin(descriptor, address, length), getsockname(descriptor, address, &length) == 0 else {
                    return nil
                }
                // The port stands at the same place in both families.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
        guard let own else { throw POSIXError(.ECONNREFUSED) }
        return Endpoint(descriptor: descriptor, port: own)
    }
}
