import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Platform
import ShutdownTrace

/// Clients that hold a WebSocket open.
extension TrafficGenerator {
    func keepWebSocket(_ index: Int) async {
        await keep(.websocket) {
            let id = requests.newID()
            let path = workload.target?.webSocket ?? "/ws"
            if let channel = await openWebSocket(id, path) {
                await untilClosed(channel)
            } else {
                skip(.websocket, because: "\(path) did not take the upgrade")
            }
        }
    }

    /// Returns when the server has ended the WebSocket, or the run is cancelled.
    private func untilClosed(_ channel: any Channel) async {
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            // The server is gone; its last bytes get a moment to arrive.
            channel.eventLoop.scheduleTask(in: .milliseconds(500)) {
                try? channel.pipeline.syncOperations.handler(type: WebSocketPeer.self).leave(channel)
            }
        }
    }

    private func openWebSocket(_ id: Int, _ path: String) async -> (any Channel)? {
        let upgraded = try? await connect { try await startUpgrade(id, path, at: $0) }
        return try? await upgraded?.get()
    }

    private func startUpgrade(
        _ id: Int, _ path: String, at address: SocketAddress
    ) async throws -> EventLoopFuture<(any Channel)?> {
        let reporter = reporter
        let head = upgradeRequest(id, path)
        return try await ClientBootstrap(group: loop).connectTimeout(dialer.timeout).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(WebSocketPeer(id: id, reporter))
                            return true
                        }
                    })
                let upgrade = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: head, upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeSucceededFuture(false)
                    })
                let result = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: .init(upgradeConfiguration: upgrade))
                let limit = channel.eventLoop.scheduleTask(in: .seconds(3)) { channel.close(promise: nil) }
                result.whenComplete { _ in limit.cancel() }
                return result.map { $0 ? channel : nil }
            }
        }
    }

    private func upgradeRequest(_ id: Int, _ path: String) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: dialer.host)
        for header in workload.target?.headers ?? [] { headers.add(name: header.name, value: header.value) }
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: Program.userAgent) }
        headers.add(name: "X-Request-Id", value: String(id))
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
    }
}
