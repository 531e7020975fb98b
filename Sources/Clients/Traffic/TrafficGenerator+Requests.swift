import NIOCore
import Platform
import ShutdownTrace

/// Requests, from the choice of a connection to the fate.
extension TrafficGenerator {
    /// One exchange from `request.started` to `request.finished`, over this connection, an idle one or a new one.
    @discardableResult
    func exchange(
        _ request: Request, kind: ClientKind, id: Int? = nil, expected: Double? = nil, order: Int? = nil,
        isFresh: Bool = true, over open: Exchange? = nil
    ) async -> Outcome {
        let id = id ?? requests.newID()
        let start = begin(id, request, kind: kind, expected: expected, order: order)
        let outcome = await perform(request, kind: kind, id: id, isFresh: isFresh, over: open)
        finish(id, outcome, since: start)
        if outcome.fate.isWhole { knowledge.succeeded.insert(kind) }
        return outcome
    }

    /// Reports that a request begins, and returns when.
    func begin(_ id: Int, _ request: Request, kind: ClientKind, expected: Double? = nil, order: Int? = nil) -> Time {
        let start = reporter.clock.now
        let started = RequestEvent.StartedRequest(
            id: id, method: request.method, path: request.path, kind: kind, expected: expected.map(Time.seconds),
            order: order)
        reporter.tell(.request(.started(started)), from: .client, at: start)
        requests.begin(id)
        return start
    }

    func finish(_ id: Int, _ outcome: Outcome, since start: Time) {
        requests.end(id)
        let now = reporter.clock.now
        let finished = RequestEvent.FinishedRequest(
            id: id, fate: outcome.fate, status: outcome.status, took: now - start, bytes: outcome.bytes,
            isClosing: outcome.isClosing, cause: outcome.cause, fault: outcome.fault,
            attempt: outcome.isSecondAttempt ? 2 : nil)
        reporter.tell(.request(.finished(finished)), from: .client, at: now, instance: outcome.instance)
    }

    func send(_ request: Request, id: Int, over exchange: Exchange) async -> Outcome {
        await send(request, over: exchange, as: [id])[0]
    }

    /// Sends the same request twice in one write, and returns how both ended, in order.
    func pipeline(_ request: Request) async -> [Outcome] {
        let begun = [requests.newID(), requests.newID()].map { (id: $0, time: begin($0, request, kind: .pipelined)) }
        let exchange: Exchange
        do { exchange = try await connect().exchange } catch {
            for (id, time) in begun { finish(id, Outcome(connecting: error), since: time) }
            return begun.map { _ in Outcome(connecting: error) }
        }
        let times = Dictionary(uniqueKeysWithValues: begun)
        let outcomes = await send(request, over: exchange, as: begun.map(\.id)) { id, outcome in
            if let time = times[id] { self.finish(id, outcome, since: time) }
        }
        exchange.close()
        return outcomes
    }

    /// Sends a request once for each number, all in one write, and waits for all fates.
    private func send(
        _ request: Request, over exchange: Exchange, as ids: [Int], done: @escaping (Int, Outcome) -> Void = { _, _ in }
    ) async -> [Outcome] {
        if pool.use(exchange) { giveUpOverdue() }
        let outcomes = await withCheckedContinuation { continuation in
            var outcomes: [Outcome] = []
            for id in ids {
                start(request, id: id, isLast: id == ids.last, over: exchange) { outcome in
                    done(id, outcome)
                    outcomes.append(outcome)
                    if outcomes.count == ids.count { continuation.resume(returning: outcomes) }
                }
            }
        }
        pool.release(exchange)
        return outcomes
    }

    private func start(
        _ request: Request, id: Int, isLast: Bool, over exchange: Exchange, done: @escaping (Outcome) -> Void
    ) {
        if workload.target != nil, let port = exchange.port {
            requests.place(id, on: port)
            if stage.isSignalled { tellPort(id, port) }
        }
        var numbered = request
        numbered.headers.append(.init(name: "X-Request-Id", value: String(id)))
        let listener = Exchange.Listener(
            left: { self.assumeIsolated { $0.requests.sent(id) } },
            answering: { self.reporter.tell(.request(.answering(id: id, status: $0.status)), from: .client) },
            done: { outcome in done(self.assumeIsolated { $0.judge(outcome, of: request) }) })
        exchange.send(numbered, isLast: isLast, listener)
    }

    private func judge(_ outcome: Outcome, of request: Request) -> Outcome {
        knowledge.answers.judge(
            outcome, of: request, isSignalled: stage.signal >= .imminent, isForeign: workload.target != nil)
    }

    /// Reports the connection of a request: once the server is asked to stop, this shows which client holds it up.
    func tellPort(_ id: Int, _ port: Int) {
        reporter.tell(.request(.sent(id: id, port: port)), from: .client)
    }

    /// Gives up requests that are overdue, again and again while there are requests.
    ///
    /// One timer serves all requests: NIO finds a scheduled task to cancel by searching, which would cost more than the
    /// request when thousands wait.
    private func giveUpOverdue() {
        loop.assumeIsolated().scheduleTask(in: .milliseconds(100)) {
            self.assumeIsolated { if $0.pool.giveUp(after: .now()) { $0.giveUpOverdue() } }
        }
    }

    private func perform(
        _ request: Request, kind: ClientKind, id: Int, isFresh: Bool, over open: Exchange?
    ) async -> Outcome {
        if let open { return await send(request, id: id, over: open) }
        if !isFresh { await settle() }
        if !isFresh, let idle = pool.take(kind, at: reporter.clock.now) {
            let outcome = await send(request, id: id, over: idle)
            pool.giveBack(idle, kind, at: reporter.clock.now)
            guard dialer.isBalanced, !isOver, outcome.fate.isUnanswered, request.mayBeRepeated else { return outcome }
            var second = await performAnew(request, kind: kind, id: id)
            second.isSecondAttempt = true
            return second
        }
        return await performAnew(request, kind: kind, id: id)
    }

    private func performAnew(_ request: Request, kind: ClientKind, id: Int) async -> Outcome {
        let exchange: Exchange
        do { exchange = try await connect().exchange } catch { return Outcome(connecting: error) }
        let outcome = await send(request, id: id, over: exchange)
        pool.giveBack(exchange, kind, at: reporter.clock.now)
        return outcome
    }

    /// Lets news of the kernel come first, as this loop may be behind on a busy machine: once a server leaves, a careful
    /// client looks whether an idle connection is still there before using it.
    func settle() async { if stage.isSignalled { _ = await pause(.milliseconds(1)) } }

    /// Opens a connection for requests.
    func connect(isSlow: Bool = false) async throws -> (channel: any Channel, exchange: Exchange) {
        let channel = try await open(isSlow: isSlow) { [dialer] in Exchange(host: dialer.host) }
        guard let exchange = try? channel.pipeline.syncOperations.handler(type: Exchange.self) else {
            throw ChannelError.ioOnClosedChannel
        }
        return (channel, exchange)
    }

    func open<Handler: ChannelHandler>(
        isSlow: Bool = false, _ handler: @escaping @Sendable () -> Handler
    ) async throws -> any Channel {
        try await connect { [dialer] in try await dialer.open(at: $0, isSlow: isSlow, handler) }
    }

    /// Tries each address of the server until one accepts; that is the server's from then on.
    func connect<Connection>(_ attempt: (SocketAddress) async throws -> Connection) async throws -> Connection {
        admission.enter(.connecting)
        defer { admission.leave(.connecting) }
        var failure: any Error = ChannelError.ioOnClosedChannel
        for address in knowledge.address.map({ [$0] }) ?? dialer.addresses {
            do {
                let connection = try await attempt(address)
                knowledge.address = address
                return connection
            } catch {
                failure = error
                knowledge.take(error, isKnown: knowledge.address != nil)
            }
        }
        throw failure
    }
}
