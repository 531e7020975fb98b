import LifecycleTrace
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Platform
import ShutdownTrace

/// What all connections share: the routes, the count of requests in flight, the trace and the access log.
struct HTTPServer: Sendable {
    let routes: Routes
    let connections: Connections
    let hub: WebSocketHub
    let log: AccessLog
    let emitter: Emitter
    let behaviour: Behaviour
    /// The number of this instance, which every answer names where several instances share a ledger.
    let instance: Int?

    /// A page of filling, shared by all big answers.
    static let page = ByteBuffer(repeating: UInt8(ascii: "."), count: 64 * 1024)

    /// How long a connection may be idle where the server waits for idle connections.
    private static let idleTime = TimeAmount.milliseconds(2500)

    /// Sets up a connection that was just accepted.
    func configure(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let connection = HTTPConnection(self)
        if behaviour.idle == .waitedFor { try pipeline.addHandler(IdleStateHandler(allTimeout: Self.idleTime)) }
        if behaviour.drain == .limitedForEachPeer { try pipeline.addHandler(PeerLimit(connection, connections)) }
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }),
            withErrorHandling: false, withOutboundHeaderValidation: false)
        try pipeline.addHandler(connection)
    }

    func head(of answer: Answer, closes: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(4)
        headers.add(name: "content-length", value: String(answer.body.readableBytes + answer.filling))
        headers.add(name: "content-type", value: answer.type)
        if closes { headers.add(name: "connection", value: "close") }
        sign(&headers)
        return HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
    }

    /// Adds the number of this instance to the headers of an answer.
    func sign(_ headers: inout HTTPHeaders) {
        if let instance { headers.add(name: "x-instance", value: String(instance)) }
    }

    func began(_ request: ServerRequest) {
        guard !Routes.isProbe(request.path) else { return }
        connections.requestStarted()
        let head = request.head
        emitter.emit(.request(.started(.init(id: request.id, method: head.method.rawValue, path: head.uri))))
    }

    /// The last byte of the answer was handed to the kernel.
    func finished(_ request: ServerRequest, _ status: HTTPResponseStatus) {
        guard !Routes.isProbe(request.path) else { return }
        let now = Clock.now()
        let took = now - request.started
        connections.requestEnded()
        emitter.emit(.request(.handedOver(id: request.id, status: Int(status.code), took: took)))
        log.append(
            at: now - emitter.start, id: request.id, method: request.head.method.rawValue, path: request.head.uri,
            status: Int(status.code), took: took)
    }

    func cancelled(_ request: ServerRequest, cause: String) {
        guard !Routes.isProbe(request.path) else { return }
        connections.requestEnded()
        let head = request.head
        emitter.emit(
            .request(.cancelled(id: request.id, method: head.method.rawValue, path: head.uri, cause: cause)))
    }

    /// Turns a connection into a WebSocket when its first request asks for it at `/ws`.
    private var upgrader: NIOWebSocketServerUpgrader {
        NIOWebSocketServerUpgrader(
            maxFrameSize: 64 * 1024, automaticErrorHandling: true,
            shouldUpgrade: { channel, head in
                let isWelcome = head.uri.prefix { $0 != "?" } == "/ws" && !hub.isClosing
                var headers = HTTPHeaders()
                sign(&headers)
                return channel.eventLoop.makeSucceededFuture(isWelcome ? headers : nil)
            },
            upgradePipelineHandler: { channel, head in
                let id = head.headers["x-request-id"].first.flatMap { Int($0) } ?? ServerRequest.makeID()
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let http = try pipeline.handler(type: HTTPConnection.self)
                    try pipeline.addHandler(WebSocketConnection(id: id, hub: hub))
                    connections.remove(channel)
                    pipeline.removeHandler(http, promise: nil)
                }
            })
    }
}
