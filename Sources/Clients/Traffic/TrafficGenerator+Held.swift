import NIOCore
import Platform
import ShutdownTrace

/// Clients that hold a connection on which the server owes them nothing.
extension TrafficGenerator {
    struct OpenConnection {
        let id: Int
        let kind: ClientKind
        let since: Time
    }

    func opened(_ kind: ClientKind, port: Int?) -> OpenConnection {
        let connection = OpenConnection(id: requests.newID(), kind: kind, since: reporter.clock.now)
        reporter.tell(
            .connection(.opened(id: connection.id, kind: kind, port: port)), from: .client, at: connection.since)
        return connection
    }

    func tellClosed(_ connection: OpenConnection, end: ConnectionEnd, status: Int? = nil) {
        let now = reporter.clock.now
        let closed = ConnectionEvent.ClosedConnection(
            id: connection.id, kind: connection.kind, end: end, status: status, took: now - connection.since)
        reporter.tell(.connection(.closed(closed)), from: .client, at: now)
    }

    /// Holds a connection that is never used, and opens another when the server has ended it.
    func keepHeld(_ kind: ClientKind) async {
        await keep(kind) {
            guard let channel = try? await open({ HeldConnection() }),
                let handler = try? channel.pipeline.syncOperations.handler(type: HeldConnection.self)
            else { return }
            let connection = opened(kind, port: channel.localAddress?.port)
            if kind == .halfSent { channel.writeAndFlush(half, promise: nil) }
            held.add(connection.id, handler)
            // Not cancelled with the traffic: only the end itself shows how the connection ended.
            try? await channel.closeFuture.get()
            held.remove(connection.id)
            tellClosed(connection, end: handler.end, status: handler.status)
        }
    }

    /// A request that is never sent whole: three bytes of a body of ten, or, where the method has no body, a head without
    /// its end.
    private var half: ByteBuffer {
        var request =
            workload.target?.request(patience: .zero)
            ?? Request(
                method: "POST", path: "/payments", headers: [.init(name: "Content-Type", value: "application/json")],
                patience: .zero)
        guard workload.target?.takesBody ?? true else {
            let head = request.head(host: dialer.host)
            return head.getSlice(at: head.readerIndex, length: head.readableBytes - 2) ?? head
        }
        request.padding = 0
        request.body = "{\"order\":1"
        var bytes = request.head(host: dialer.host)
        bytes.writeString(String(request.body.prefix(3)))
        return bytes
    }

    // MARK: Idle connections

    /// Holds one keep-alive connection and sends a request over it every few seconds, until the server leaves rotation.
    func keepIdle(_ index: Int) async {
        await keep(.idle) { if let exchange = try? await connect().exchange { await useIdle(exchange, index) } }
    }

    private func useIdle(_ exchange: Exchange, _ index: Int) async {
        let connection = opened(.idle, port: exchange.port)
        let closed = OneShotEvent()
        exchange.closedIdle = closed
        var end: ConnectionEnd?
        while exchange.isUsable {
            let outcome = await self.exchange(workload.usual, kind: .idle, over: exchange)
            end = outcome.connectionEnd
            if outcome.isClosing { skip(.idle, because: "the server closes its connection after each answer") }
            guard outcome.fate.isWhole, exchange.isUsable else { break }
            // The connections differ in their pauses, so that they do not send all at once.
            let pause = workload.idlePause.seconds * (1 + Double(index % 4) / 3)
            await closed.wait(atMost: .seconds(pause), reporter.clock)
            // One request too many would hold a server that waits for quiet, and a balancer's pool uses no idle
            // connection to a server that is out of rotation. The connection itself stays.
            if isEnough || stage.isSignalled && !gate.isOpen { await closed.wait() }
            await settle()
            if isOver || Task.isCancelled { break }
        }
        tellClosed(connection, end: exchange.idleEnd ?? end ?? .client)
        exchange.close()
    }

    // MARK: Racers

    /// Holds one idle connection until the signal comes, and uses it once more then.
    ///
    /// HTTP/1.1 has no way to agree on the end of an idle connection: the server's FIN and the client's request can cross.
    func keepReadyToRace(_ index: Int) async {
        while !race.hasBegun, !isOver, !Task.isCancelled {
            if mayStart, let exchange = try? await connect().exchange { await getReady(exchange, index) }
            guard await pause(.seconds(1)) else { break }
        }
    }

    private func getReady(_ exchange: Exchange, _ index: Int) async {
        let connection = opened(.racer, port: exchange.port)
        var end: ConnectionEnd?
        let woken = race.join(index)
        if isOver { woken.fire() }
        exchange.closedIdle = woken
        // The server, too, takes a connection for idle only after a first request.
        let first = await self.exchange(workload.usual, kind: .racer, over: exchange)
        if first.fate.isWhole {
            await woken.wait()
            // A careful client looks whether its connection is still there before it uses it again.
            if let start = race.start(of: index), await pause(until: start), exchange.isUsable {
                end = await self.exchange(workload.usual, kind: .racer, over: exchange).connectionEnd
            }
        }
        race.leave(index)
        tellClosed(connection, end: exchange.idleEnd ?? end ?? .client)
        exchange.close()
    }
}
