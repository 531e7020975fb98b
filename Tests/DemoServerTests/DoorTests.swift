import Lessons
import ShutdownTrace
import Testing

@testable import DemoServer

@Suite(.serialized, .timeLimit(.minutes(3))) struct `The door of a server that leaves` {
    @Test func `is shut in the face of new clients where there is no lead`() async throws {
        let server = try await RunningServer(.lbLag)
        let client = try server.client()
        client.get("/report?ms=300", id: 1)
        try await server.event(.requestStarted)
        // To keep up a lead is no command for a server that has none.
        server.shutdown.obey(.keepLead(.seconds(60)))
        server.signal()
        try await server.event(.listenerClosed)

        #expect(throws: Client.Refused(code: 111)) { try server.client() }
        #expect(await client.readToEnd().text.contains("report"))
        #expect(await server.end() == 0)
    }

    @Test func `stays open for a lead that somebody names, also where the fault is to have none`() async throws {
        #expect(Configuration(Scenario.lbLag.broken.behaviour, database: "", log: "").limits.lead == .zero)
        let server = try await RunningServer(.lbLag, lead: .milliseconds(20))
        server.signal()

        #expect(await server.end() == 0)
        #expect(server.all(.leadEnded).count == 1)
        #expect(server.all(.shutdownBegan).map { $0.fields.time("lead") } == [.milliseconds(20)])
    }

    @Test func `stays open for the lead where it is mended, which may be shortened while it runs`() async throws {
        let server = try await RunningServer(.lbLag, mended: true, lead: .milliseconds(1))
        server.shutdown.obey(.keepLead(.seconds(600)))
        server.signal()
        try await server.event(.resourceReleasing)
        let client = try server.client()
        client.get("/", id: 1)
        #expect(await client.readToEnd().text.contains("connection: close"))
        #expect(server.all(.leadEnded) == [])
        server.shutdown.obey(.lead(.milliseconds(20)))

        #expect(await server.end() == 0)
        #expect(server.all(.leadEnded).count == 1)
        let rotation = try #require(server.all(.resourceReleased).first)
        #expect(rotation.fields.string("detail") == "0.02 s lead")
    }

    @Test func `is reset on those who wait in the queue that nobody accepts`() async throws {
        let server = try await RunningServer(.backlogReset, lead: .milliseconds(50))
        let inside = try server.client()
        inside.get("/report?ms=600", id: 1)
        try await server.event(.requestStarted)
        server.signal()
        try await server.event(.drainBegan)
        let waiting = try server.client()
        waiting.get("/", id: 2)

        #expect(await inside.readToEnd().text.contains("report"))
        let answer = await waiting.readToEnd()
        #expect(answer.text == "")
        #expect(answer.end == .reset)
        #expect(await server.end() == 0)
        #expect(server.all(.requestStarted).map { $0.fields.int("id") } == [1])
    }

    @Test func `lets those in who wait in the queue, where it is mended`() async throws {
        let server = try await RunningServer(.backlogReset, mended: true, lead: .milliseconds(50))
        server.signal()
        try await server.event(.readinessLowered)
        let late = try server.client()
        late.get("/", id: 2)

        #expect(await late.readToEnd().text.hasPrefix("HTTP/1.1 200"))
        #expect(await server.end() == 0)
    }

    @Test func `closes idle connections in the face of a request on its way`() async throws {
        let server = try await RunningServer(.idleRace)
        let idle = try server.client()
        let busy = try server.client()
        idle.get("/", id: 1)
        #expect(await idle.read(until: "demo server").contains("200 OK"))
        busy.get("/report?ms=500", id: 2)
        try await server.event(.requestStarted) { $0.fields.int("id") == 2 }
        server.signal()
        try await server.event(.connectionClosed)
        idle.get("/", id: 3)

        #expect(await idle.readToEnd().text == "")
        #expect(!(await busy.readToEnd().text).contains("connection: close"))
        #expect(await server.end() == 0)
        #expect(server.all(.requestStarted).map { $0.fields.int("id") } == [1, 2])
    }

    @Test func `tells idle connections to leave with their next answer, where it is mended`() async throws {
        let server = try await RunningServer(.idleRace, mended: true, lead: .seconds(60))
        let idle = try server.client()
        idle.get("/", id: 1)
        await idle.read(until: "demo server")
        server.signal()
        try await server.event(.readinessLowered)
        idle.get("/", id: 3)

        let answer = await idle.readToEnd()
        #expect(answer.text.contains("200 OK") && answer.text.contains("connection: close"))
        #expect(answer.end == .fin)
        server.shutdown.obey(.lead(.zero))
        #expect(await server.end() == 0)
    }
}
