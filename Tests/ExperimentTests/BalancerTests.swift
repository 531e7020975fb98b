import Foundation
import Glibc
import NIOCore
import NIOPosix
import ShutdownTrace
import Synchronization
import TestSupport
import Testing

@testable import Experiment
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `The proxy` {
    @Test func `carries a question and its answer, and the end of each`() async throws {
        let peer = try Peer { connection, first in
            // Answers only after the client has said its last.
            let rest = Wire.readAll(connection) ?? "reset"
            Wire.write(connection, "you said \(first)\(rest)")
            close(connection)
        }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let client = try Wire.connect(proxy.port)
            defer { close(client) }
            Wire.write(client, "hello")
            shutdown(client, Int32(SHUT_WR))
            #expect(Wire.readAll(client) == "you said hello")
        }
    }

    @Test func `passes a reset on to the client`() async throws {
        let peer = try Peer { connection, _ in Wire.reset(connection) }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let client = try Wire.connect(proxy.port)
            defer { close(client) }
            Wire.write(client, "hello")
            #expect(Wire.read(client) == nil)
            #expect(errno == ECONNRESET)
        }
    }

    @Test func `passes a FIN on as a FIN`() async throws {
        let peer = try Peer { connection, _ in close(connection) }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let client = try Wire.connect(proxy.port)
            defer { close(client) }
            Wire.write(client, "hello")
            #expect(Wire.read(client) == "")
        }
    }

    @Test func `passes a reset on to the server`() async throws {
        let ends = AsyncStream.makeStream(of: String?.self)
        let peer = try Peer { connection, _ in
            Wire.write(connection, "ready")
            ends.continuation.yield(Wire.read(connection))
            close(connection)
        }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let client = try Wire.connect(proxy.port)
            Wire.write(client, "hello")
            #expect(Wire.read(client) == "ready")
            Wire.reset(client)
            for await end in ends.stream {
                #expect(end == nil)
                break
            }
        }
    }

    @Test func `delivers a big answer whole to a slow reader, and buffers little of it`() async throws {
        let size = 64 << 20
        let sent = Sent()
        let peer = try Peer { connection, _ in
            let piece = [UInt8](repeating: 7, count: 65_536)
            for _ in 0..<(size / piece.count) {
                _ = Glibc.send(connection, piece, piece.count, Int32(MSG_NOSIGNAL))
                sent.bytes.add(piece.count, ordering: .relaxed)
            }
            close(connection)
        }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let client = try Wire.connect(proxy.port)
            defer { close(client) }
            Wire.write(client, "all of it")
            let stalled = await sent.valueWhenStill()
            #expect(stalled < size / 2, "the kernel's buffers and NIO's, and no more")
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            var received = 0
            var count = Glibc.read(client, &bytes, bytes.count)
            while count > 0 {
                received += count
                count = Glibc.read(client, &bytes, bytes.count)
            }
            #expect(received == size)
        }
    }

    @Test func `carries thousands of connections at once`() async throws {
        // Four descriptors for each: two ends here, two in the proxy. The other half of them is for the tests beside this one.
        let count = min(10_000, Wire.raiseFiles() / 8)
        let peer = try EchoServer()
        try await withProxy(to: [peer.port], interval: .seconds(30)) { proxy in
            let connections = try (0..<count).map { _ in try Wire.connect(proxy.port) }
            defer { for connection in connections { close(connection) } }
            for (index, connection) in connections.enumerated() { Wire.write(connection, "number \(index)") }
            let right = connections.enumerated().count { Wire.read($1) == "number \($0)" }
            #expect(right == count)
        }
        try await peer.stop()
    }

    private final class Sent: Sendable {
        let bytes = Atomic(0)

        /// Once nothing more was sent for a while.
        func valueWhenStill() async -> Int {
            var last = -1
            var same = 0
            for _ in 0..<2_000 where same < 10 {
                try? await Task.sleep(for: .milliseconds(30))
                let now = bytes.load(ordering: .relaxed)
                same = now == last && now > 0 ? same + 1 : 0
                last = now
            }
            return last
        }
    }

    @Test func `takes turns between the instances in rotation`() async throws {
        let peers = try (1...2).map { number in
            try Peer { connection, _ in
                Wire.write(connection, "\(number)")
                close(connection)
            }
        }
        defer { for peer in peers { peer.stop() } }
        try await withProxy(to: peers.map(\.port)) { proxy in
            let answers = try (0..<6).map { _ in try Self.ask(proxy.port) }
            #expect(answers.sorted() == ["1", "1", "1", "2", "2", "2"])
            #expect(answers[0] != answers[1])
            peers[0].isReady.store(false, ordering: .relaxed)
            await proxy.untilLeft(1)
            let later = try (0..<4).map { _ in try Self.ask(proxy.port) }
            #expect(later == ["2", "2", "2", "2"])
        }
    }

    @Test func `refuses clients while nobody is in rotation, and takes them again`() async throws {
        let peer = try Peer { connection, _ in
            Wire.write(connection, "1")
            close(connection)
        }
        defer { peer.stop() }
        try await withProxy(to: [peer.port]) { proxy in
            let first = try Self.ask(proxy.port)
            #expect(first == "1")
            peer.isReady.store(false, ordering: .relaxed)
            await proxy.untilLeft(1)
            await #expect(throws: POSIXError(.ECONNREFUSED)) {
                // The listener closes right after the event.
                try await until {
                    close(try Wire.connect(proxy.port))
                    return false
                }
            }
            peer.isReady.store(true, ordering: .relaxed)
            try await until { (try? Self.ask(proxy.port)) == "1" }
        }
    }

    @Test func `resets what the instance in rotation does not take`() async throws {
        let peer = try Peer { connection, _ in close(connection) }
        try await withProxy(to: [peer.port], interval: .seconds(30)) { proxy in
            peer.stop()
            // It says nothing: an RST for unread bytes would prove nothing.
            let client = try Wire.connect(proxy.port)
            defer { close(client) }
            #expect(Wire.read(client) == nil)
            #expect(errno == ECONNRESET)
        }
    }

    @Test func `polls in another way as soon as it is told`() async throws {
        let peer = try Peer { connection, _ in close(connection) }
        defer { peer.stop() }
        try await withProxy(to: [peer.port], interval: .seconds(1_000)) { proxy in
            peer.isReady.store(false, ordering: .relaxed)
            #expect(proxy.balancer.change(to: BalancerPlan(interval: .milliseconds(1), threshold: 5)))
            let left = await proxy.untilLeft(1)
            #expect(left.int(.failures) == 5)
        }
    }

    /// Whether the change comes before the poll is waited for or after; a lost one would cost 1,000 s.
    @Test func `never misses a change of how it polls`() async throws {
        let clock = RunClock()
        for attempt in 0..<200 {
            let polling = Polling(BalancerPlan(interval: .seconds(1_000)))
            async let isDue = polling.wait(after: clock.now, isIn: true, clock)
            for _ in 0..<attempt % 20 { await Task.yield() }
            polling.change(to: BalancerPlan(interval: .milliseconds(1)))
            try #require(await isDue)
        }
    }

    private static func ask(_ port: Int) throws -> String {
        let client = try Wire.connect(port)
        defer { close(client) }
        Wire.write(client, "who")
        return Wire.readAll(client) ?? "reset"
    }
}

/// Sends back what comes, on an event loop: thousands of connections would need as many threads otherwise.
final class EchoServer: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let port: Int

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            let isProbe = text.hasPrefix("GET /readyz ")
            let answer = ByteBuffer(string: isProbe ? http("200 OK") : text)
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }

    init() throws {
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws { try await group.shutdownGracefully() }
}

/// A proxy at work, and what it tells.
struct WorkingProxy: Sendable {
    let balancer: BalancerProxy
    let events: AsyncStream<Event>
    var port: Int { balancer.port }

    /// Returns when an instance left rotation.
    @discardableResult
    func untilLeft(_ instance: Int) async -> Fields {
        for await event in events where event.kind == .rotationLeft && event.fields.int(.instance) == instance {
            return event.fields
        }
        return [:]
    }
}

/// Runs the body with a proxy that has all of these instances in rotation.
func withProxy(
    to ports: [Int], interval: Time = .milliseconds(5), _ body: (WorkingProxy) async throws -> Void
) async throws {
    let (events, stream) = AsyncStream.makeStream(of: Event.self)
    let balancer = try BalancerProxy(
        BalancerPlan(interval: interval, threshold: 2), Reporter(clock: RunClock(), into: stream))
    let run = Task { await balancer.run() }
    let failure: (any Error)?
    do {
        for (index, port) in ports.enumerated() {
            await balancer.add(index + 1, port: port)
            await balancer.entered(index + 1).wait()
        }
        try await body(WorkingProxy(balancer: balancer, events: events))
        failure = nil
    } catch { failure = error }
    run.cancel()
    await run.value
    await balancer.stop()
    if let failure { throw failure }
}
