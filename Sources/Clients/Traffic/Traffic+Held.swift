import NIOCore
import Platform
import ShutdownTrace

extension Traffic {
    /// Holds one keep-alive connection and sends a request over it every few seconds, until the server leaves rotation.
    func keepIdle(_ index: Int) async {
        await keep(.idle) { if let exchange = try? await connect().exchange { await useIdle(exchange, index) } }
    }

    private func useIdle(_ exchange: Exchange, _ index: Int) async {
        let connection = opened(.idle, port: exchange.port)
        var end: ConnectionEnd?
        let closed = OneShotEvent()
        exchange.whenClosedIdle = { seen in
            end = seen
            closed.fire()
        }
        while exchange.isUsable {
            let request = asksRoot ? workload.root : workload.usual
            let outcome = await self.exchange(request, kind: .idle, over: exchange)
            let isKept = outcome.fate.isWhole && !outcome.isClosing
            if !isKept, asksRoot, workload.target != nil, !isSignalled {
                asksRoot = false
                end = .fin
                break
            }
            if outcome.isClosing {
                end = .fin
                skip(.idle, because: "the server closes its connection after each answer")
            }
            if !outcome.fate.isWhole { end = outcome.fate == .closedUnanswered ? .fin : .reset }
            guard outcome.fate.isWhole, exchange.isUsable else { break }
            // Spread, so that the connections do not speak all at once.
            await closed.wait(
                atMost: .seconds(workload.idlePause.seconds * (1 + Double(index % 4) / 3)), reporter.clock)
            // One request too many would hold a server that waits for quiet; the connection itself stays.
            if isEnough { await closed.wait() }
            // As the pool of a balancer: nobody uses an idle connection to a server that it has taken out.
            if isSignalled, !isInRotation { await closed.wait() }
            await look()
            if isOver || Task.isCancelled { break }
        }
        exchange.whenClosedIdle = nil
        exchange.close()
        tellClosed(connection, end: end ?? .client)
    }

    /// Reads one big answer slowly, then the next.
    func keepReadingSlowly(_ kind: ClientKind) async {
        await keep(kind, every: .seconds(0.5)) { await readSlowly(kind) }
    }

    private func readSlowly(_ kind: ClientKind) async {
        let id = newID()
        let request = workload.big
        let start = begin(id, request, kind: kind, expected: workload.target == nil ? workload.readerSeconds : nil)
        let outcome = await sip(request, id, isStray: kind == .stray)
        finish(id, outcome, since: start)
        if outcome.fate.isWhole, outcome.bytes < Self.readable {
            skip(kind, because: "the answer of \(outcome.bytes) bytes is too short to be read slowly")
        }
    }

    /// What the kernel's buffers take at once is not read slowly, whatever the client does.
    private static let readable = 262_144

    /// Reads in small pieces, so many a second that the whole takes the time that it should.
    private func sip(_ request: Request, _ id: Int, isStray: Bool) async -> Outcome {
        let connection: (channel: any Channel, exchange: Exchange)
        do { connection = try await connect(isSlow: true) } catch { return Outcome(connecting: error) }
        track(id, slow: connection.channel)
        if isStray { addStray(id, connection.exchange) }
        let pieces = max(1, workload.readerBytes / Self.sip)
        let channel = connection.channel
        let pause = max(1, Int64(workload.readerSeconds * 1_000_000) / Int64(pieces))
        let sips = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .microseconds(pause)) { _ in channel.read() }
        let outcome = await send(request, id: id, over: connection.exchange)
        sips.cancel()
        track(id, slow: nil)
        strays[id] = nil
        connection.exchange.close()
        return outcome
    }

    private func addStray(_ id: Int, _ exchange: Exchange) {
        strays[id] = exchange
        if isDraining { strayLater(id) }
    }

    /// The server drains: the strays begin what nobody will read, once it has stopped reading.
    package func draining() {
        guard !isDraining else { return }
        isDraining = true
        for id in strays.keys { strayLater(id) }
    }

    private func strayLater(_ id: Int) {
        loop.assumeIsolated().scheduleTask(in: .microseconds(workload.strayDelay.microseconds)) {
            self.assumeIsolated { $0.strays[id]?.dribble("GET / HTTP/1.1\r\nHost: \($0.host)\r\n") }
        }
    }
}
