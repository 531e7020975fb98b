import Lessons
import Platform
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `A peer that is in no hurry` {
    @Test func `keeps its idle connection until it times out`() async throws {
        let server = try await RunningServer(.keepAliveLinger)
        let idle = try server.client()
        let busy = try server.client()
        idle.get("/", id: 1)
        await idle.read(until: "demo server")
        busy.get("/report?ms=200", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal()
        try await server.event(.requestFinished)

        idle.get("/", id: 3)
        let answer = await idle.readToEnd()
        #expect(answer.text.contains("200 OK") && !answer.text.contains("connection: close"))
        #expect(answer.end == .fin)
        #expect(await server.end() == 0)
        let ended = try #require(server.events.firstIndex { $0.kind == .drainEnded })
        #expect(server.events[..<ended].contains { $0.kind == .requestFinished && $0.fields.int("id") == 3 })
    }

    @Test func `loses its idle connection to a mended server while others are still served`() async throws {
        let server = try await RunningServer(.keepAliveLinger, mended: true)
        let idle = try server.client()
        let busy = try server.client()
        idle.get("/", id: 1)
        await idle.read(until: "demo server")
        busy.get("/report?ms=500", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal()

        #expect(await idle.readToEnd().end == .fin)
        #expect(server.shutdown.began.hasFired)
        #expect(await busy.readToEnd().text.contains("connection: close"))
        #expect(await server.end() == 0)
    }

    @Test func `holds a server without limits with half a request`() async throws {
        let server = try await RunningServer(.slowPeers, drain: .milliseconds(50))
        let half = try server.client()
        let busy = try server.client()
        half.send("POST /payments HTTP/1.1\r\nHost: test\r\nX-Request-Id: 5\r\nContent-Length: 10\r\n\r\nabc")
        try await server.event(.requestStarted)
        busy.get("/report?ms=1500", id: 2)
        try await server.event(.requestStarted)
        server.signal()

        #expect(await busy.readToEnd().text.contains("report"))
        try await server.event(.requestFinished)
        #expect(server.all(.drainDeadlinePassed, .drainEnded) == [])
        #expect(server.all(.shutdownBegan).map { $0.fields.time("drain") } == [nil])
        server.signal()
        #expect(await server.end() == 1)
        #expect(server.all(.requestCancelled).map { $0.fields.string("cause") } == ["forced"])
    }

    @Test func `gets 408 for half a request from a mended server`() async throws {
        let server = try await RunningServer(.slowPeers, mended: true)
        let half = try server.client()
        half.send("POST /payments HTTP/1.1\r\nHost: test\r\nX-Request-Id: 5\r\nContent-Length: 10\r\n\r\nabc")
        try await server.event(.requestStarted)
        server.signal()

        let answer = await half.readToEnd()
        #expect(answer.text.hasPrefix("HTTP/1.1 408"))
        #expect(answer.text.contains("connection: close"))
        #expect(await server.end() == 0)
    }

    @Test func `is left alone by a mended server while it sends and takes`() async throws {
        let server = try await RunningServer(.slowPeers, mended: true)
        let sender = try server.client()
        let thinker = try server.client()
        let body = #"{"order":7,"amount":100}"#
        sender.send("POST /payments HTTP/1.1\r\nX-Request-Id: 5\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        thinker.get("/report?ms=2500", id: 6)
        for _ in 1...2 { try await server.event(.requestStarted) }
        server.signal()
        try await server.event(.drainBegan)
        // Slower in all than the limit, and never silent for as long.
        for byte in body.utf8 {
            sender.send([byte])
            try await Task.sleep(for: .milliseconds(80))
        }

        #expect(await sender.readToEnd().text.hasPrefix("HTTP/1.1 201"))
        #expect(await thinker.readToEnd().text.hasPrefix("HTTP/1.1 200"))
        #expect(await server.end() == 0)
    }

    @Test func `that does not take its answer is cut by a mended server`() async throws {
        let server = try await RunningServer(.slowPeers, mended: true)
        let reader = try server.client()
        reader.get("/report?bytes=60000000", id: 5)
        try await server.event(.requestStarted)
        server.signal()

        #expect(await server.end() == 0)
        #expect(server.all(.requestCancelled).map { $0.fields.string("cause") } == ["the client took nothing"])
        await reader.readToEnd()
    }

    @Test func `loses an answer when the server closes with unread input`() async throws {
        let server = try await RunningServer(.rstEatsResponse)
        let client = try server.client()
        client.get("/report?ms=100&bytes=2000000", id: 1)
        try await server.event(.requestStarted)
        server.signal()
        client.get("/stray", id: 2)
        try await server.event(.requestFinished)

        let answer = await client.readToEnd()
        #expect(answer.text.utf8.count < 2_000_000)
        #expect(answer.end == .reset)
        #expect(await server.end() == 0)
        #expect(server.all(.requestStarted).map { $0.fields.int("id") } == [1])
    }

    @Test func `still gets all answers from that server as long as it serves`() async throws {
        let server = try await RunningServer(.rstEatsResponse)
        let client = try server.client()
        for id in 1...3 {
            client.get("/report?ms=20", id: id)
            #expect(await client.read(until: "report\n").contains("200 OK"))
        }
        server.signal()
        #expect(await server.end() == 0)
    }

    @Test func `on a WebSocket is told nothing, and holds the server`() async throws {
        let server = try await RunningServer(.websocketHold, drain: .milliseconds(50))
        let client = try server.client()
        _ = await client.upgrade(id: 9)
        try await server.event(.websocketOpened)
        server.signal()
        try await server.event(.resourceReleasing) { $0.fields.string("name") == "websockets" }
        client.send([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
        #expect(await client.read(bytes: 4) == [0x81, 0x02, 0x68, 0x69])
        server.signal()

        #expect(await server.end() == 1)
        #expect(server.all(.websocketTold) == [])
        #expect(server.all(.shutdownBegan).map { $0.fields.time("drain") } == [nil])
        #expect(server.all(.websocketClosed).map { $0.fields.string("how") } == ["forced"])
        #expect(await client.readToEnd().text == "")
    }
}
