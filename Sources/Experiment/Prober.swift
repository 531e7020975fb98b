import NIOCore
import NIOHTTP1
import NIOPosix
import ShutdownTrace

/// Asks one instance whether it is ready, as balancers do: a request on a connection of its own each time.
struct Prober: Sendable {
    /// Where the instance may be; the first that answers is asked.
    let addresses: [SocketAddress]
    private let host: String
    private let loop: any EventLoop

    /// A server on this port of the URL's host, or of 127.0.0.1.
    ///
    /// - Throws: What NIO says of an address that cannot be.
    init(port: Int, of url: LocalURL? = nil, on loop: any EventLoop) throws {
        addresses = try (url?.addresses ?? ["127.0.0.1"]).map { try SocketAddress(ipAddress: $0, port: port) }
        host = "\(url?.host ?? "127.0.0.1"):\(port)"
        self.loop = loop
    }

    /// One probe; any 2xx passes.
    func probe(_ path: String, patience: Time) async -> Rotation.Probe {
        let outcome = await ask(path, patience: patience)
        guard let status = outcome.status else { return .failed(status: nil, cause: outcome.fate.words) }
        return (200..<300).contains(status) ? .passed(status: status) : .failed(status: status, cause: "")
    }

    /// Asks until the server answers anything, and returns whether it passed; nil when cancelled.
    ///
    /// Nothing listens at first, so the probes follow each other closely.
    /// `mayBeSilent` is asked when nothing came for a while: whether the server may take longer for every answer, and
    /// serves all the same; nil when it must answer.
    func waitUntilServing(_ path: String, _ clock: Clock, mayBeSilent: (@Sendable () -> Bool)? = nil) async -> Bool? {
        var pause = Time.milliseconds(4)
        while true {
            let outcome = await ask(path, patience: mayBeSilent == nil ? .seconds(2) : Self.silence)
            if outcome.fate == .timedOut, mayBeSilent?() ?? false { return false }
            if let status = outcome.status { return (200..<300).contains(status) }
            pause = min(Time(microseconds: pause.microseconds * 5 / 4), .milliseconds(50))
            guard (try? await clock.sleep(pause)) != nil else { return nil }
        }
    }

    private static let silence = Time.seconds(0.7)

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
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { [host] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Exchange(host: host))
                }
            }
        do {
            return try await bootstrap.connect(to: address).flatMap { channel in
                Self.ask(request, over: channel, limit)
            }.get()
        } catch { return Outcome(connecting: error) }
    }

    /// On the event loop of the channel.
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
