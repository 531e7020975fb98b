import CustomDump
import NIOCore
import NIOPosix
import ShutdownTrace
import Testing

@testable import Experiment

@Suite struct `A client` {
    @Test(arguments: [
        ("200 OK", Fate.answered), ("404 Not Found", .answered), ("503 Service Unavailable", .unavailable),
        ("500 Internal Server Error", .failed),
    ])
    func `keeps whole answers apart by their status`(status: String, fate: Fate) async throws {
        let outcome = try await fateAgainst(.answer(http(status), .stay))
        #expect(outcome.fate == fate)
        #expect(outcome.bytes == 2)
    }

    @Test func `sees a close announced`() async throws {
        let outcome = try await fateAgainst(.answer(http("200 OK", "ok", "Connection: close\r\n"), .fin))
        #expect(outcome.fate == .answered)
        #expect(outcome.isClosing)
    }

    @Test func `tells a FIN without an answer from a reset`() async throws {
        #expect(try await fateAgainst(.answer("", .fin)).fate == .closedUnanswered)
        #expect(try await fateAgainst(.answer("", .reset)).fate == .resetUnanswered)
    }

    @Test(arguments: [RawServer.Act.End.fin, .reset])
    func `sees an answer that was cut`(end: RawServer.Act.End) async throws {
        #expect(try await fateAgainst(.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal", end)).fate == .cut)
        #expect(try await fateAgainst(.answer("HTTP/1.1 20", end)).fate == .cut)
    }

    @Test func `stops waiting for an answer that never comes`() async throws {
        #expect(try await fateAgainst(.answer("", .stay), patience: .seconds(0.05)).fate == .timedOut)
    }

    @Test func `sees that nobody listens`() async throws {
        let server = try RawServer(nil)
        server.stop()
        #expect(try await fate(on: server.port).fate == .refused)
    }

    @Test func `sees a pipe that breaks in the middle of a request`() async throws {
        let body = String(repeating: "x", count: 16 << 20)
        #expect(try await fateAgainst(.answer("", .reset), body: body).fate == .brokenPipe)
    }

    @Test func `is neither accepted nor refused by a full queue`() async throws {
        let server = try RawServer(backlog: 0, nil)
        defer { server.stop() }
        try await withTraffic(port: server.port, connectTimeout: .seconds(0.2)) { traffic in
            // The kernel takes backlog + 1 connections that nobody accepts.
            try await traffic.fillQueue()
            let outcome = await traffic.exchange(Request(path: "/", patience: .seconds(0.2)), kind: "fast")
            #expect(outcome.fate == .connectTimedOut)
        }
    }

    @Test func `is reset early on a connection that died while it was idle`() async throws {
        let server = try RawServer(.vanish(.reset))
        defer { server.stop() }
        try await withTraffic(port: server.port) { traffic in
            let fate = await traffic.fateOfDeadConnection()
            #expect(fate == .resetEarly)
        }
    }

    @Test func `uses a connection again unless a close was announced`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        try await withTraffic(port: server.port) { traffic in
            for _ in 0..<3 {
                await traffic.exchange(Request(path: "/", patience: .seconds(5)), kind: "fast", isFresh: false)
            }
            let idle = await traffic.idleCount("fast")
            #expect(idle == 1)
        }
        #expect(server.requests.count == 3)
        #expect(server.requests.allSatisfy { $0.contains("X-Request-Id: ") })
    }

    private func fateAgainst(
        _ act: RawServer.Act, patience: Time = .seconds(20), body: String = ""
    ) async throws -> Outcome {
        let server = try RawServer(act)
        defer { server.stop() }
        return try await fate(on: server.port, patience: patience, body: body)
    }

    private func fate(on port: Int, patience: Time = .seconds(20), body: String = "") async throws -> Outcome {
        try await withTraffic(port: port) { traffic in
            await traffic.exchange(
                Request(method: body.isEmpty ? "GET" : "POST", path: "/", body: body, patience: patience), kind: "fast")
        }
    }
}

extension Traffic {
    func fillQueue() async throws { _ = try await connect() }

    func idleCount(_ kind: String) -> Int { pools[kind]?.count ?? 0 }

    /// Opens a connection, waits until the server has ended it, and only then sends.
    func fateOfDeadConnection() async -> Fate? {
        guard let (channel, exchange) = try? await connect() else { return .resetEarly }
        try? await channel.closeFuture.get()
        return await send(Request(path: "/", patience: .seconds(5)), id: 1, over: exchange).fate
    }
}

/// Clients on a loop of their own, which ends with the body.
func withTraffic<Result: Sendable>(
    port: Int, connectTimeout: Time = .seconds(3), _ workload: Workload = .none,
    _ body: (Traffic) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (_, stream) = AsyncStream.makeStream(of: Event.self)
    let traffic = try Traffic(
        workload, seed: 1, port: port, on: group.next(), Reporter(clock: Clock(), into: stream),
        connectTimeout: connectTimeout)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(traffic)) } catch { result = .failure(error) }
    try await group.shutdownGracefully()
    return try result.get()
}
