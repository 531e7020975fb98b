import NIOCore
import ShutdownTrace

extension Traffic {
    /// Holds one keep-alive connection and sends a request over it every few seconds, in or out of rotation.
    func keepIdle(_ index: Int) async {
        while !isOver, !Task.isCancelled {
            if mayStart, let exchange = try? await connect().exchange { await useIdle(exchange, index) }
            guard await pause(.seconds(1)) else { break }
        }
    }

    private func useIdle(_ exchange: Exchange, _ index: Int) async {
        let id = newID()
        reporter.tell(.connectionOpened, from: .client, [.id: .number(id), .kind: "idle"])
        var end: String?
        let closed = Latch()
        exchange.whenClosedIdle = { how in
            end = how
            closed.open()
        }
        while exchange.isUsable {
            let outcome = await self.exchange(
                Request(path: "/", patience: workload.patience), kind: "idle", over: exchange)
            if outcome.isClosing { end = "fin" }
            if !outcome.fate.isWhole { end = outcome.fate == .closedUnanswered ? "fin" : "reset" }
            guard outcome.fate.isWhole, exchange.isUsable else { break }
            // Spread, so that the connections do not speak all at once.
            await closed.wait(
                atMost: .seconds(workload.idlePause.seconds * (1 + Double(index % 4) / 3)), reporter.clock)
            if isOver || Task.isCancelled { break }
        }
        exchange.whenClosedIdle = nil
        exchange.close()
        reporter.tell(.connectionClosed, from: .client, [.id: .number(id), .how: .string(end ?? "client")])
    }

    /// Reads one big answer slowly, then the next.
    func keepReadingSlowly() async {
        while !isOver, !Task.isCancelled {
            if mayStart { await readSlowly() }
            guard await pause(.seconds(0.5)) else { break }
        }
    }

    private func readSlowly() async {
        let path = "/report?ms=0&bytes=\(workload.readerBytes)"
        let id = newID()
        let start = reporter.clock.now
        reporter.tell(
            .requestStarted, from: .client, at: start,
            [
                .id: .number(id), .method: "GET", .path: .string(path), .kind: "slowReader",
                .expected: .double(workload.readerSeconds),
            ])
        began()
        let request = Request(path: path, patience: workload.patience + .seconds(workload.readerSeconds))
        finish(id, await sip(request, id), since: start)
        ended()
    }

    /// Reads in small pieces, so many a second that the whole takes the time that it should.
    private func sip(_ request: Request, _ id: Int) async -> Outcome {
        let connection: (channel: any Channel, exchange: Exchange)
        do { connection = try await connect(isSlow: true) } catch { return Outcome(connecting: error) }
        track(id, slow: connection.channel)
        let pieces = max(1, workload.readerBytes / Self.sip)
        let channel = connection.channel
        let pause = max(1, Int64(workload.readerSeconds * 1_000_000) / Int64(pieces))
        let sips = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .microseconds(pause)) { _ in channel.read() }
        let outcome = await send(request, id: id, over: connection.exchange)
        sips.cancel()
        track(id, slow: nil)
        connection.exchange.close()
        return outcome
    }
}
