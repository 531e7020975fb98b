import NIOCore
import NIOPosix
import ShutdownTrace

@testable import Clients
@testable import Platform

/// What the tests of clients ask and arrange.
extension TrafficGenerator {
    func fillQueue() async throws { _ = try await connect() }

    func idleCount(_ kind: ClientKind) -> Int { pool.idleCount(kind) }

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
    _ body: (TrafficGenerator) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (_, stream) = AsyncStream.makeStream(of: Event.self)
    let traffic = try TrafficGenerator(
        workload, seed: 1, port: port, on: group.next(), Reporter(clock: RunClock(), into: stream),
        connectTimeout: connectTimeout)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(traffic)) } catch { result = .failure(error) }
    try await group.shutdownGracefully()
    return try result.get()
}
