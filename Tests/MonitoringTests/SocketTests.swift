import Foundation
import Glibc
import ShutdownTrace
import TestSupport
import Testing

@testable import Monitoring

@Suite(.timeLimit(.minutes(3))) struct `The sockets of a port` {
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
    func `say who waits for whom`(isV6: Bool) async throws {
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
        try await until { try diag.look(connections: true).connections.isEmpty }
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
        let one = try Endpoint.listening()
        let other = try Endpoint.listening()
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
