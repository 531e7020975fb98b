import GRDB
import Lessons
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A payment` {
    private func orders(in server: RunningServer) async throws -> [Int] {
        let queue = try DatabaseQueue(path: server.configuration.database)
        return try await queue.read { try Int.fetchAll($0, sql: "SELECT order_id FROM payments ORDER BY id") }
    }

    @Test(arguments: [(false, [7, 7]), (true, [7])])
    func `that is tried again is charged twice unless its key is honoured`(mended: Bool, rows: [Int]) async throws {
        let server = try await RunningServer(.chargedTwice, mended: mended)
        let client = try server.client()
        for id in 1...2 {
            client.pay(7, key: "k", id: id)
            #expect(await client.read(until: "}").hasPrefix("HTTP/1.1 201"))
        }
        server.signal()

        #expect(await server.end() == 0)
        #expect(try await orders(in: server) == rows)
    }

    @Test func `that is acknowledged from memory is forgotten when the server leaves`() async throws {
        let server = try await RunningServer(.lostPayment)
        let client = try server.client()
        let late = try server.client()
        client.pay(7, id: 1)
        #expect(await client.read(until: "}").hasPrefix("HTTP/1.1 201"))
        try await server.event(.paymentCharged)
        late.pay(8, query: "?ms=100", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal()

        #expect(await late.readToEnd().text.hasPrefix("HTTP/1.1 201"))
        #expect(await server.end() == 0)
        #expect(try await orders(in: server) == [7])
    }

    @Test func `that is committed first is kept`() async throws {
        let server = try await RunningServer(.lostPayment, mended: true)
        let late = try server.client()
        late.pay(8, query: "?ms=100", id: 2)
        try await server.event(.requestStarted)
        server.signal()

        #expect(await late.readToEnd().text.hasPrefix("HTTP/1.1 201"))
        #expect(await server.end() == 0)
        #expect(try await orders(in: server) == [8])
    }

    @Test func `names the instance that answers, where there are several`() async throws {
        let server = try await RunningServer(instance: 2)
        let client = try server.client()
        client.pay(7, id: 1)
        #expect(await client.read(until: "}").contains("x-instance: 2\r\n"))
        let broken = try server.client()
        let socket = try server.client()
        broken.send("nonsense\r\n\r\n")
        #expect(await broken.readToEnd().text.contains("x-instance: 2\r\n"))
        #expect(await socket.upgrade(id: 2).contains("x-instance: 2\r\n"))
        server.signal()
        server.signal()
        _ = await server.end()
    }
}
