import CustomDump
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `The gate of a shutdown` {
    @Test func `holds it before each step, and costs it nothing but time`() async throws {
        let server = try await RunningServer(drain: .milliseconds(400))
        let client = try server.client()
        client.get("/report?ms=300", id: 1)
        try await server.event(.requestStarted)
        server.shutdown.obey(.hold)
        server.signal()
        var steps: [String] = []
        while steps.last != "the log is flushed" {
            let held = try await server.event(.gateHeld)
            steps.append(held.fields.string("name") ?? "")
            // The request outlasts none of the limits: they do not run here.
            if steps.last == "the listener closes" { await client.readToEnd() }
            server.shutdown.obey(.step)
        }
        server.shutdown.obey(.release)

        #expect(await server.end() == 0)
        expectNoDifference(
            steps,
            [
                "the lead", "the listener closes", "the drain ends", "the WebSockets are waited for",
                "the scheduler is released", "the workers are waited for", "the ledger closes", "the log is flushed",
            ])
        #expect(server.all(.gateReleased).count == steps.count)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
        #expect(server.all(.drainDeadlinePassed) == [])
    }

    @Test func `is opened by a second signal, which waits for nothing`() async throws {
        let server = try await RunningServer()
        server.shutdown.obey(.hold)
        server.signal()
        try await server.event(.gateHeld)
        server.signal()

        #expect(await server.end() == 1)
        #expect(server.all(.gateHeld).count == 1)
        expectNoDifference(server.names(.resourceReleased), server.names(.resourceAcquired).reversed())
    }

    @Test func `may be closed and opened before anything happens`() async throws {
        let server = try await RunningServer()
        for command in [ControlCommand.hold, .hold, .step, .release, .release] { server.shutdown.obey(command) }
        server.signal()

        #expect(await server.end() == 0)
        #expect(server.all(.gateHeld) == [])
    }
}
