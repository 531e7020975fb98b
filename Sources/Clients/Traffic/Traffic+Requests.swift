import NIOCore
import Platform
package import ShutdownTrace

extension Traffic {
    /// Does what one client came for.
    package func serve(_ intent: Arrivals.Intent) async {
        switch intent.errand {
        case .fast: await read("/", intent)
        case .report:
            let computed = workload.reportsAreComputed ? "&computed=1" : ""
            await read("/report?ms=\(Int(intent.duration * 1_000))\(computed)", intent)
        case .payment(_, let isKeyed): await pay(intent, isKeyed: isKeyed)
        }
    }

    /// One exchange from `request.started` to `request.finished`, over this connection, an idle one or a new one.
    @discardableResult
    package func exchange(
        _ request: Request, kind: ClientKind, id: Int? = nil, expected: Double? = nil, order: Int? = nil,
        isFresh: Bool = true, over open: Exchange? = nil
    ) async -> Outcome {
        let id = id ?? newID()
        let start = begin(id, request, kind: kind, expected: expected, order: order)
        let outcome = await perform(request, kind: kind, id: id, isFresh: isFresh, over: open)
        if let order { paying.remove(order) }
        finish(id, outcome, since: start)
        if outcome.fate.isWhole { succeeded.insert(kind) }
        return outcome
    }

    /// Tells that a request begins, and returns when.
    package func begin(_ id: Int, _ request: Request, kind: ClientKind, expected: Double? = nil, order: Int? = nil)
        -> Time
    {
        let start = reporter.clock.now
        let started = RequestEvent.StartedRequest(
            id: id, method: request.method, path: request.path, kind: kind, expected: expected.map(Time.seconds),
            order: order)
        reporter.tell(.request(.started(started)), from: .client, at: start)
        began()
        if let order { paying.insert(order) }
        return start
    }

    /// Tells how a request ended.
    package func finish(_ id: Int, _ outcome: Outcome, since start: Time) {
        ended(id)
        let now = reporter.clock.now
        let finished = RequestEvent.FinishedRequest(
            id: id, fate: outcome.fate, status: outcome.status, took: now - start, bytes: outcome.bytes,
            isClosing: outcome.isClosing, cause: outcome.cause, fault: outcome.fault,
            attempt: outcome.isSecondAttempt ? 2 : nil)
        reporter.tell(.request(.finished(finished)), from: .client, at: now, instance: outcome.instance)
    }

    /// Sends a request over an open connection and waits for its fate.
    package func send(_ request: Request, id: Int, over exchange: Exchange) async -> Outcome {
        track(exchange)
        let outcome = await withCheckedContinuation { continuation in
            start(request, id: id, over: exchange) { continuation.resume(returning: $0) }
        }
        untrack(exchange)
        return outcome
    }

    /// The same without waiting; one that is not the last is kept back until the next is sent too, in the same write.
    private func start(
        _ request: Request, id: Int, isLast: Bool = true, over exchange: Exchange, done: @escaping (Outcome) -> Void
    ) {
        if workload.target != nil, let port = exchange.port { ride(id, on: port) }
        var numbered = request
        numbered.headers.append(.init(name: "X-Request-Id", value: String(id)))
        let listener = Exchange.Listener(
            left: { self.assumeIsolated { $0.left(id) } },
            answering: {
                self.reporter.tell(.request(.answering(id: id, status: $0)), from: .client)
            },
            done: { outcome in
                done(self.assumeIsolated { $0.judge(outcome, of: request) })
            })
        exchange.send(numbered, isLast: isLast, listener)
    }

    private func judge(_ outcome: Outcome, of request: Request) -> Outcome {
        let isLate = isSignalled || isAboutToBeSignalled
        return answers.judge(outcome, of: request, isSignalled: isLate, isForeign: workload.target != nil)
    }

    /// Remembers the connection that a request is on: once the server is asked to stop, it says who holds it up.
    private func ride(_ id: Int, on port: Int) {
        rides[id] = port
        if isSignalled { tellRide(id, port) }
    }

    func tellRide(_ id: Int, _ port: Int) {
        reporter.tell(.request(.sent(id: id, port: port)), from: .client)
    }

    /// Sends the same request twice in one write, and returns how both ended, in order.
    package func pipeline(_ request: Request) async -> [Outcome] {
        let begun = [newID(), newID()].map { (id: $0, time: begin($0, request, kind: .pipelined)) }
        let exchange: Exchange
        do { exchange = try await connect().exchange } catch {
            for (id, time) in begun { finish(id, Outcome(connecting: error), since: time) }
            return begun.map { _ in Outcome(connecting: error) }
        }
        track(exchange)
        let outcomes = await withCheckedContinuation { continuation in
            var outcomes: [Outcome] = []
            for (id, time) in begun {
                start(request, id: id, isLast: id == begun.last?.id, over: exchange) { outcome in
                    self.assumeIsolated { $0.finish(id, outcome, since: time) }
                    outcomes.append(outcome)
                    if outcomes.count == begun.count { continuation.resume(returning: outcomes) }
                }
            }
        }
        untrack(exchange)
        exchange.close()
        return outcomes
    }

    private func perform(
        _ request: Request, kind: ClientKind, id: Int, isFresh: Bool, over open: Exchange?
    ) async -> Outcome {
        if let open { return await send(request, id: id, over: open) }
        if !isFresh { await look() }
        if !isFresh, let idle = takeIdle(kind) {
            let outcome = await send(request, id: id, over: idle)
            giveBack(idle, kind)
            guard isBalanced, !isOver, outcome.fate.isUnanswered, request.mayBeRepeated else { return outcome }
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
        giveBack(exchange, kind)
        return outcome
    }

    /// Lets the kernel's news come first: once a server leaves, a careful client looks whether an idle connection is still
    /// there before it uses it, and on a busy machine this loop may be behind.
    package func look() async {
        if isSignalled { _ = await pause(.milliseconds(1)) }
    }

    /// As pools of real clients do, it trusts no connection that was idle for long: the server may be closing it.
    private func takeIdle(_ kind: ClientKind) -> Exchange? {
        while let (exchange, since) = pools[kind]?.popLast() {
            if exchange.isUsable, reporter.clock.now - since < Self.longestIdle { return exchange }
            exchange.close()
        }
        return nil
    }

    private static let longestIdle = Time.seconds(1)

    /// A pool keeps the few that were used last; the client closes the others.
    private func giveBack(_ exchange: Exchange, _ kind: ClientKind) {
        guard exchange.isUsable else { return }
        guard !isOver else { return exchange.close() }
        pools[kind]?.removeAll { !$0.exchange.isUsable }
        pools[kind, default: []].append((exchange, reporter.clock.now))
        if pools[kind, default: []].count > 8 { pools[kind]?.removeFirst().exchange.close() }
    }

    private func read(_ path: String, _ intent: Arrivals.Intent) async {
        let request = Request(path: path, patience: workload.patience + .seconds(intent.duration))
        let expected = intent.duration > 0 ? intent.duration : nil
        await exchange(request, kind: intent.errand.kind, expected: expected, isFresh: intent.isFresh)
    }

    /// Pays by a body that is sent slowly, as over a bad line.
    func payByUpload(_ order: Int) async {
        let intent = Arrivals.Intent(
            time: .zero, errand: .payment(0...0, keyed: true), duration: 0, order: order, amount: 100, isFresh: true,
            retriesBlindly: false, patience: 0.5)
        await pay(intent, isKeyed: true, uploadSeconds: workload.uploadSeconds)
    }

    private func pay(_ intent: Arrivals.Intent, isKeyed: Bool, uploadSeconds: Double? = nil) async {
        guard let order = intent.order else { return }
        let key = isKeyed ? "order-\(order)" : nil
        tell(order, .intended(amount: intent.amount, key: key))
        var attempts = PaymentAttempts(
            intent, atMost: isBalanced ? PaymentAttempts.untilRestarted : PaymentAttempts.most)
        while true {
            let id = newID()
            beliefs[order] = (.unknown, id)
            if attempts.count > 0 {
                tell(order, .retried(request: id, attempt: attempts.count + 1))
            }
            var request = payment(intent, order, key)
            if let uploadSeconds { (request.padding, request.spread) = (Self.uploadBytes, .seconds(uploadSeconds)) }
            let outcome = await exchange(
                request, kind: uploadSeconds == nil ? .payment : .upload, id: id,
                expected: uploadSeconds ?? intent.duration, order: order, isFresh: intent.isFresh)
            guard case .retry(let wait) = attempts.take(outcome), await pause(wait),
                mayStart
            else { break }
        }
        settle(order, attempts.belief)
    }

    /// Below the largest body that the demo server takes.
    private static let uploadBytes = 49_152

    private func settle(_ order: Int, _ belief: PaymentBelief) {
        let id = beliefs[order]?.id ?? 0
        beliefs[order] = (belief, id)
        tell(order, .settled(belief, request: id))
    }

    private func tell(_ order: Int, _ step: PaymentEvent.Step) {
        reporter.tell(.payment(PaymentEvent(order: order, step)), from: .client)
    }

    /// A fifth of the time passes after the commit and before the answer: the window in which a kill charges twice.
    private func payment(_ intent: Arrivals.Intent, _ order: Int, _ key: String?) -> Request {
        let (before, after) = (Int(intent.duration * 800), Int(intent.duration * 200))
        let receipt = workload.receipt(of: intent).map { "&receipt=\(Int($0.milliseconds))" } ?? ""
        var headers = [Request.Header(name: "Content-Type", value: "application/json")]
        if let key { headers.append(.init(name: "Idempotency-Key", value: key)) }
        return Request(
            method: "POST", path: "/payments?ms=\(before)&after=\(after)\(receipt)", headers: headers,
            body: #"{"order":\#(order),"amount":\#(intent.amount)}"#,
            patience: workload.patience + .seconds(intent.duration))
    }
}
