import CustomDump
import Foundation
import NIOCore
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A connection to a draining server` {
    @Test func `does not hold it past the deadline with half a body`() async throws {
        let server = try await RunningServer(drain: .milliseconds(150))
        let client = try server.client()
        client.send("POST /payments HTTP/1.1\r\nHost: test\r\nX-Request-Id: 5\r\nContent-Length: 10\r\n\r\nabc")
        try await server.event(.requestStarted)
        server.signal()

        #expect(await client.readToEnd().text == "")
        #expect(await server.end() == 1)
        #expect(server.all(.drainDeadlinePassed).map { $0.fields.int("left") } == [1])
        let cut = server.all(.requestCancelled)
        #expect(cut.map { $0.fields.int("id") } == [5])
        #expect(cut.map { $0.fields.string("cause") } == ["drain deadline"])
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHo"])
    func `is closed at once when it is silent or sent half a head`(bytes: String) async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.send(bytes)
        // Event loops take connections in turn: once each has answered a later one, the server knows the first.
        let witnesses = try (1...System.coreCount).map { _ in try server.client() }
        for (index, witness) in witnesses.enumerated() {
            witness.get("/", id: index + 1)
            try await server.event(.requestFinished)
        }
        server.signal()

        let answer = await client.readToEnd()
        #expect(answer.text == "")
        #expect(answer.end == .fin)
        #expect(await server.end() == 0)
        #expect(server.all(.connectionClosed).map { $0.fields.int("count") } == [witnesses.count + 1])
    }

    @Test func `gets both answers when a second request was pipelined, the last one with the close`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.get("/report?ms=80", id: 1)
        client.get("/", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal()

        let answer = await client.readToEnd()
        let parts = answer.text.components(separatedBy: "HTTP/1.1 200 OK").dropFirst()
        #expect(parts.map { $0.contains("connection: close") } == [false, true])
        #expect(answer.end == .fin)
        #expect(await server.end() == 0)
    }

    @Test func `gets its answer after it closed its own half, in the middle of a second request`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.get("/report?ms=50", id: 1)
        client.send("POST /payments HTTP/1.1\r\nHost: test\r\nX-Request-Id: 2\r\nContent-Length: 10\r\n\r\nabc")
        client.finishSending()
        #expect(await client.readToEnd().text.contains("report"))
        server.signal()

        #expect(await server.end() == 0)
        #expect(server.all(.requestFinished, .requestCancelled).compactMap { $0.fields.int("id") } == [2, 1])
    }

    @Test func `gets a big answer whole although it sent bytes that nobody reads`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.get("/report?ms=50&bytes=2000000", id: 1)
        try await server.event(.requestStarted)
        server.signal()
        let head = await client.read(until: "\r\n\r\n")
        client.send("GET /stray HTTP/1.1\r\nHost: test\r\n\r\nand noise")
        let rest = await client.readToEnd()

        let whole = head + rest.text
        let body = try #require(whole.range(of: "\r\n\r\n"))
        #expect(whole.contains("connection: close"))
        #expect(whole[body.upperBound...].utf8.count == 2_000_000)
        #expect(rest.end == .fin)
        #expect(await server.end() == 0)
        #expect(!server.events.contains { $0.fields.string("path") == "/stray" && $0.kind == .requestFinished })
    }

    @Test func `is refused once the listener is closed`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        client.get("/report?ms=100", id: 1)
        try await server.event(.requestStarted)
        server.signal()
        try await server.event(.listenerClosed)

        #expect(throws: Client.Refused(code: 111)) { try server.client() }
        await client.readToEnd()
        #expect(await server.end() == 0)
    }
}

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A WebSocket of a draining server` {
    @Test func `is told 1001 and ends clean when its peer answers`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        #expect(await client.upgrade(id: 9).hasPrefix("HTTP/1.1 101"))
        try await server.event(.websocketOpened)
        server.signal()

        #expect(await client.read(bytes: 4) == [0x88, 0x02, 0x03, 0xE9])
        client.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9])
        #expect(await client.readToEnd().end == .fin)
        #expect(await server.end() == 0)
        #expect(server.all(.websocketTold, .websocketEchoed).map { $0.fields.int("id") } == [9, 9])
        #expect(server.all(.websocketClosed).map { $0.fields.bool("clean") } == [true])
    }

    @Test func `is closed by the hub's own timer when its peer is mute`() async throws {
        let server = try await RunningServer(drain: .milliseconds(100))
        let client = try server.client()
        _ = await client.upgrade(id: 9)
        try await server.event(.websocketOpened)
        server.signal()

        #expect(await client.readToEnd().text.utf8.count > 0)
        #expect(await server.end() == 0)
        #expect(server.all(.websocketEchoed) == [])
        let closed = server.all(.websocketClosed)
        #expect(closed.map { $0.fields.bool("clean") } == [false])
        #expect(closed.map { $0.fields.string("how") } == ["the peer never answered"])
    }

    @Test func `echoes what it gets while the server serves`() async throws {
        let server = try await RunningServer()
        let client = try server.client()
        _ = await client.upgrade(id: 9)
        client.send([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
        #expect(await client.read(bytes: 4) == [0x81, 0x02, 0x68, 0x69])
        server.signal()
        server.signal()
        _ = await server.end()
    }
}
