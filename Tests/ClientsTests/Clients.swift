import NIOCore
import NIOPosix
import ShutdownTrace
import Synchronization

@testable import Clients
@testable import Platform

/// Clients of a workload on a loop of their own, and every event that they told.
final class Clients: Sendable {
    let traffic: TrafficGenerator
    private let log: Log

    /// What was told so far.
    var events: [Event] { log.state.withLock { $0.events } }

    fileprivate init(_ traffic: TrafficGenerator, _ log: Log) {
        self.traffic = traffic
        self.log = log
    }

    func all(_ kind: EventKind, of work: String? = nil) -> [Event] {
        events.filter { $0.kind == kind && (work == nil || $0.fields.string(.kind) == work) }
    }

    /// Waits until so many events of this kind were told.
    @discardableResult
    func wait(
        for kind: EventKind, _ count: Int = 1, where isWanted: @escaping @Sendable (Event) -> Bool = { _ in true }
    ) async -> Event {
        await log.wait { events -> Event? in
            let found = events.filter { $0.kind == kind && isWanted($0) }
            return found.count >= count ? found.last : nil
        }
    }

    /// Waits until so many requests of a kind of work ended; returns their ends.
    @discardableResult
    func ends(of work: String, _ count: Int = 1) async -> [Event] {
        await log.wait { events -> [Event]? in
            let ids = Set(
                events.filter { $0.kind == .requestStarted && $0.fields.string(.kind) == work }.map {
                    $0.fields.int(.id)
                })
            let ends = events.filter { $0.kind == .requestFinished && ids.contains($0.fields.int(.id)) }
            return ends.count >= count ? ends : nil
        }
    }

    fileprivate final class Log: Sendable {
        struct State {
            var events: [Event] = []
            var waiters: [@Sendable ([Event]) -> Bool] = []
        }

        let state = Mutex(State())

        func take(_ event: Event) {
            state.withLock { state in
                state.events.append(event)
                state.waiters.removeAll { $0(state.events) }
            }
        }

        func wait<Result: Sendable>(_ look: @escaping @Sendable ([Event]) -> Result?) async -> Result {
            await withCheckedContinuation { continuation in
                let waiter: @Sendable ([Event]) -> Bool = { events in
                    guard let result = look(events) else { return false }
                    continuation.resume(returning: result)
                    return true
                }
                state.withLock { if !waiter($0.events) { $0.waiters.append(waiter) } }
            }
        }
    }
}

/// Runs a workload against a port until the body returns; the server is then gone for its clients.
@discardableResult
func withClients<Result: Sendable>(
    _ workload: Workload, port: Int, seed: UInt64 = 1, _ body: (Clients) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (events, stream) = AsyncStream.makeStream(of: Event.self)
    let traffic = try TrafficGenerator(
        workload, seed: seed, port: port, on: group.next(), Reporter(clock: RunClock(), into: stream))
    let log = Clients.Log()
    let listening = Task { for await event in events { log.take(event) } }
    let run = Task { await traffic.run() }
    await traffic.rotate(in: true)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(Clients(traffic, log))) } catch { result = .failure(error) }
    await traffic.serverLeft()
    run.cancel()
    await traffic.giveUp()
    await run.value
    stream.finish()
    await listening.value
    try await group.shutdownGracefully()
    return try result.get()
}
