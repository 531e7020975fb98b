import Glibc
import NIOCore
import NIOPosix
import ShutdownTrace
import TestSupport
import Testing

@testable import Clients
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The pool of a balanced client` {
    /// Answers the first request of a connection, and ends the connection at the second: what an idle connection does
    /// whose close is still under way.
    private static func stale() throws -> Peer {
        try Peer { connection, _ in
            Wire.write(connection, http("200 OK"))
            _ = Wire.read(connection)
            close(connection)
        }
    }

    @Test(arguments: [true, false])
    func `sends a read once more when an idle connection was closed`(isBalanced: Bool) async throws {
        let peer = try Self.stale()
        defer { peer.stop() }
        let fates = try await fates(port: peer.port, isBalanced, Request(path: "/", patience: .seconds(5)))
        #expect(fates == [.answered, isBalanced ? .answered : .closedUnanswered])
        #expect(peer.connections == (isBalanced ? 2 : 1))
    }

    @Test(arguments: [true, false])
    func `sends a payment once more only if it has a key`(isKeyed: Bool) async throws {
        let peer = try Self.stale()
        defer { peer.stop() }
        var request = Request(method: "POST", path: "/payments", patience: .seconds(5))
        if isKeyed { request.headers = [.init(name: "Idempotency-Key", value: "order-1")] }
        let fates = try await fates(port: peer.port, true, request)
        #expect(fates == [.answered, isKeyed ? .answered : .closedUnanswered])
    }

    @Test func `tells that it did`() async throws {
        let peer = try Self.stale()
        defer { peer.stop() }
        let (events, stream) = AsyncStream.makeStream(of: Event.self)
        _ = try await fates(port: peer.port, true, Request(path: "/", patience: .seconds(5)), into: stream)
        stream.finish()
        var attempts: [Int?] = []
        for await event in events where event.kind == .requestFinished { attempts.append(event.fields.int(.attempt)) }
        #expect(attempts == [nil, 2])
    }

    /// Of two requests over one pool.
    private func fates(
        port: Int, _ isBalanced: Bool, _ request: Request,
        into stream: AsyncStream<Event>.Continuation = AsyncStream.makeStream(of: Event.self).continuation
    ) async throws -> [Fate] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let traffic = try TrafficGenerator(
            .none, seed: 1, port: port, on: group.next(), Reporter(clock: RunClock(), into: stream),
            balancer: isBalanced ? port : nil)
        var fates: [Fate] = []
        for _ in 0..<2 { fates.append(await traffic.exchange(request, kind: .fast, isFresh: false).fate) }
        try await group.shutdownGracefully()
        return fates
    }
}
