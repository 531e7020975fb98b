import CustomDump
import GRDB
import Lessons
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `The clean-up of a server` {
    /// Starts a server with a payment in flight, which takes a second until it is charged.
    private func paying(_ scenario: Scenario, mended: Bool) async throws -> (RunningServer, Client) {
        let server = try await RunningServer(scenario, mended: mended)
        let client = try server.client()
        client.pay(7, query: "?ms=1000", id: 1)
        try await server.event(.requestStarted)
        return (server, client)
    }

    /// What the payment was answered, as the status.
    private func status(_ client: Client) async -> String { String(await client.readToEnd().text.prefix(12).suffix(3)) }

    private func orders(in server: RunningServer) async throws -> [Int] {
        let queue = try DatabaseQueue(path: server.configuration.database)
        return try await queue.read { try Int.fetchAll($0, sql: "SELECT order_id FROM payments ORDER BY id") }
    }

    /// That it went as it does in a polite server.
    private func expectOrder(_ server: RunningServer, _ client: Client) async throws {
        #expect(await status(client) == "201")
        #expect(await server.end() == 0)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        #expect(server.all(.shutdownBegan).count == 1)
        #expect(server.all(.shutdownForced, .resourceFailed, .ledgerRefused) == [])
        #expect(try await orders(in: server) == [7])
    }

    @Test func `takes the ledger away from a job that runs`() async throws {
        let server = try await RunningServer(.wrongOrder)
        let client = try server.client()
        client.pay(7, query: "?ms=300&receipt=400", id: 1)
        try await server.event(.requestStarted)
        server.signal()

        #expect(await client.readToEnd().text.hasPrefix("HTTP/1.1 201"))
        #expect(await server.end() == 0)
        expectNoDifference(
            server.names(.resourceReleased),
            ["rotation", "listener", "websockets", "ledger", "scheduler", "workers", "log"])
        #expect(server.all(.jobAbandoned).map { $0.fields.int("id") } == [1])
        #expect(server.all(.ledgerRefused).count == 1)
        let queue = try DatabaseQueue(path: server.configuration.database)
        #expect(try await queue.read { try String.fetchAll($0, sql: "SELECT state FROM jobs") } == ["running"])
    }

    @Test func `waits for that job first where it is mended`() async throws {
        let server = try await RunningServer(.wrongOrder, mended: true)
        let client = try server.client()
        client.pay(7, query: "?receipt=400", id: 1)
        await client.read(until: "}")
        try await server.event(.jobFetched)
        server.signal()

        #expect(await server.end() == 0)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        #expect(server.all(.jobFinished).map { $0.fields.int("id") } == [1])
    }

    @Test func `happens all at once when one service returns early`() async throws {
        let (server, client) = try await paying(.earlyFinisher, mended: false)
        server.signal()

        #expect(await status(client) == "503")
        #expect(await server.end() == 1)
        let closed = try #require(server.events.firstIndex { $0.kind == .ledgerClosed })
        let drained = try #require(server.events.firstIndex { $0.kind == .drainEnded })
        #expect(closed < drained)
        #expect(server.all(.faultReported).count == 1)
        #expect(try await orders(in: server) == [])
    }

    @Test func `keeps its order when that service stays`() async throws {
        let (server, client) = try await paying(.earlyFinisher, mended: true)
        server.signal()
        try await expectOrder(server, client)
    }

    @Test func `loses its order to the deadline of the group`() async throws {
        let (server, client) = try await paying(.escalationLosesOrder, mended: false)
        server.signal()

        #expect(await status(client) == "503")
        #expect(await server.end() == 0)
        let closed = try #require(server.events.firstIndex { $0.kind == .ledgerClosed })
        let drained = try #require(server.events.firstIndex { $0.kind == .drainEnded })
        #expect(closed < drained)
        #expect(try await orders(in: server) == [])
    }

    @Test func `keeps its order when each service has its own limit`() async throws {
        let (server, client) = try await paying(.escalationLosesOrder, mended: true)
        server.signal()
        try await expectOrder(server, client)
    }

    @Test func `begins again beside the first at a second signal`() async throws {
        let (server, client) = try await paying(.secondSignal, mended: false)
        server.signal()
        try await server.event(.drainBegan)
        server.signal()

        #expect(await status(client) == "503")
        _ = await server.end()
        #expect(server.all(.shutdownBegan).count == 2)
        #expect(server.names(.resourceReleasing).filter { $0 == "ledger" }.count == 2)
        #expect(server.names(.resourceFailed).contains("log"))
        #expect(try await orders(in: server) == [])
    }

    @Test func `is not moved by a second signal where it is mended`() async throws {
        let (server, client) = try await paying(.secondSignal, mended: true)
        server.signal()
        try await server.event(.drainBegan)
        server.signal()
        server.signal(.interrupt)
        try await expectOrder(server, client)
        #expect(server.all(.signalReceived).count == 3)
    }

    @Test(arguments: [true, false])
    func `begins again when a request asks for it besides the signal`(signalIsFirst: Bool) async throws {
        let (server, client) = try await paying(.doubleShutdown, mended: false)
        let asker = try server.client()
        if !signalIsFirst { try await post(asker, to: server) }
        server.signal()
        if signalIsFirst { server.shutdown.ask(.other("POST /shutdown")) }

        #expect(await status(client) == "503")
        _ = await server.end()
        #expect(server.all(.shutdownBegan).count == 2)
        #expect(server.names(.resourceReleasing).filter { $0 == "ledger" }.count == 2)
        #expect(try await orders(in: server) == [])
    }

    @Test func `happens once where the request joins the signal's`() async throws {
        let (server, client) = try await paying(.doubleShutdown, mended: true)
        try await post(try server.client(), to: server)
        server.signal()
        try await expectOrder(server, client)
        #expect(server.all(.shutdownBegan).map { $0.fields.string("cause") } == ["POST /shutdown"])
    }

    @Test func `cannot be asked for over the network in the polite server`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.send("POST /shutdown HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        #expect(await client.read(until: "}").hasPrefix("HTTP/1.1 404"))
        server.signal()
        #expect(await server.end() == 0)
        #expect(server.all(.shutdownBegan).map { $0.fields.string("cause") } == ["SIGTERM"])
    }

    @Test func `may cut everybody and still say that all went well`() async throws {
        let server = try await RunningServer(.exitLiar)
        let client = try server.client()
        client.get("/report?ms=60000", id: 1)
        try await server.event(.requestStarted)
        server.signal()

        #expect(await client.readToEnd().text == "")
        #expect(await server.end() == 0)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        #expect(server.all(.requestCancelled).map { $0.fields.int("id") } == [1])
        #expect(server.events.last?.fields.string("outcome") == "clean")
    }

    private func post(_ client: Client, to server: RunningServer) async throws {
        client.send("POST /shutdown HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        #expect(await client.read(until: "leaving").hasPrefix("HTTP/1.1 202"))
        try await server.event(.shutdownBegan)
    }
}
