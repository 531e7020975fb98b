import ShutdownTrace
import TestSupport
import Testing

@testable import Clients
@testable import Platform

@Suite(.timeLimit(.minutes(3))) struct `An idle client` {
    @Test func `keeps its connection until the server closes it`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        var workload = Workload.none
        workload.idleConnections = 1
        workload.idlePause = .milliseconds(5)
        try await withTraffic(port: server.port, workload) { traffic in
            await traffic.rotate(in: true)
            let run = Task { await traffic.run() }
            try await until { server.requests.count >= 5 }
            #expect(server.connections == 1)
            server.stop()
            await traffic.serverLeft()
            run.cancel()
            await run.value
        }
    }
}
