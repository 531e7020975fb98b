import Clients
import NIOCore
import Platform
import ShutdownTrace

/// Asks one instance whether it is ready, as balancers do: each time with a request on a new connection.
struct Prober: Sendable {
    private let dialer: Dialer

    /// A server on this port of the URL's host, or of 127.0.0.1.
    ///
    /// - Throws: What NIO says of an address that cannot be.
    init(port: Int, of url: LocalURL? = nil, on loop: any EventLoop) throws {
        dialer = try Dialer(port: port, of: url, on: loop)
    }

    /// Where the instance may be; the first that answers is asked.
    var addresses: [SocketAddress] { dialer.addresses }

    /// One probe; any 2xx passes.
    func probe(_ path: String, patience: Time) async -> Rotation.Probe {
        let outcome = await ask(path, patience: patience)
        guard let status = outcome.status else { return .failed(status: nil, cause: outcome.fate.words) }
        return (200..<300).contains(status) ? .passed(status: status) : .failed(status: status, cause: "")
    }

    /// Probes again and again while that is wanted, and reports what each probe changes.
    ///
    /// After each probe `rotate` is called with whether the instance is in rotation.
    func poll(
        _ polling: Polling, _ reporter: Reporter, instance: Int? = nil,
        while isWanted: @Sendable () async -> Bool = { true }, _ rotate: @Sendable (Bool) async -> Void
    ) async {
        var rotation = Rotation(threshold: polling.plan.threshold)
        while await isWanted(), !Task.isCancelled {
            let start = reporter.clock.now
            let plan = polling.plan
            let probe = await probe(plan.path, patience: plan.interval + .seconds(1))
            guard await isWanted(), !Task.isCancelled else { break }
            rotation.threshold = plan.threshold
            for event in rotation.take(probe, took: reporter.clock.now - start) {
                reporter.tell(.balancer(event), from: .balancer, instance: instance)
            }
            await rotate(rotation.isIn)
            guard await polling.wait(after: start, isIn: rotation.isIn, reporter.clock) else { break }
        }
    }

    /// Asks until the server answers anything.
    ///
    /// - Parameters:
    ///   - path: What is asked for.
    ///   - clock: Of the run.
    ///   - patience: How long one more series of probes waits for each answer, for a server that is slow to answer; nil
    ///     where the server must be faster.
    /// - Returns: Whether the probe passed; nil when cancelled.
    func waitUntilServing(_ path: String, _ clock: RunClock, patience: Time? = nil) async -> Bool? {
        await withTaskGroup(of: Bool?.self) { group in
            for patience in [Self.usual, patience].compactMap(\.self) {
                group.addTask { await ask(path, clock, patience: patience) }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static let usual = Time.seconds(2)

    /// The probes follow each other closely at first, when nothing listens yet.
    private func ask(_ path: String, _ clock: RunClock, patience: Time) async -> Bool? {
        var pause = Time.milliseconds(4)
        while true {
            if let status = await ask(path, patience: patience).status { return (200..<300).contains(status) }
            pause = min(Time(microseconds: pause.microseconds * 5 / 4), .milliseconds(50))
            guard (try? await clock.sleep(pause)) != nil else { return nil }
        }
    }

    private func ask(_ path: String, patience: Time) async -> Outcome {
        var outcome = Outcome(.refused)
        for address in addresses {
            outcome = await ask(path, at: address, patience: patience)
            if outcome.status != nil { break }
        }
        return outcome
    }

    private func ask(_ path: String, at address: SocketAddress, patience: Time) async -> Outcome {
        let limit = TimeAmount.microseconds(patience.microseconds)
        let request = Request(path: path, headers: [.init(name: "Connection", value: "close")], patience: patience)
        do {
            let channel = try await dialer.open(at: address, within: limit) { [dialer] in Exchange(host: dialer.host) }
            return try await withTaskCancellationHandler {
                try await channel.eventLoop.flatSubmit { Self.ask(request, over: channel, limit) }.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch { return Outcome(connecting: error) }
    }

    /// Asks on the event loop of the channel.
    private static func ask(
        _ request: Request, over channel: any Channel, _ limit: TimeAmount
    ) -> EventLoopFuture<Outcome> {
        let promise = channel.eventLoop.makePromise(of: Outcome.self)
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            promise.succeed(Outcome(.resetEarly))
            return promise.futureResult
        }
        let timer = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) { exchange.giveUp() }
        exchange.send(
            request,
            Exchange.Listener { outcome in
                timer.cancel()
                promise.succeed(outcome)
                exchange.close()
            })
        return promise.futureResult
    }
}
