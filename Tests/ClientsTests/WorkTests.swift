import Platform
import ShutdownTrace
import TestSupport
import Testing

@testable import Clients

@Suite(.timeLimit(.minutes(3))) struct `Work in flight` {
    private func workload(_ set: (inout Workload) -> Void) -> Workload {
        var workload = Workload.none
        workload.patience = .seconds(20)
        set(&workload)
        return workload
    }

    private func target(_ set: (inout Workload) -> Void) throws -> Workload {
        var workload = Workload.none
        workload.target = try Target(LocalURL("http://127.0.0.1:{port}/slow?ms=9&at={port}"))
        workload.patience = .seconds(20)
        set(&workload)
        return workload
    }

    // MARK: Connections to which nothing is owed

    @Test(arguments: [(RawServer.Act.End.fin, "fin"), (.reset, "reset")])
    func `shows how a connection that was never used was ended`(end: RawServer.Act.End, how: String) async throws {
        let server = try RawServer(.vanish(end))
        defer { server.stop() }
        try await withClients(workload { $0.silent = 1 }, port: server.port) { clients in
            let closed = await clients.wait(for: .connectionClosed)
            #expect(closed.fields.string(.kind) == "silent")
            #expect(closed.fields.string(.how) == how)
            #expect(closed.fields.double(.took) != nil)
        }
    }

    @Test func `shows the 408 that a silent connection was told`() async throws {
        let server = try RawServer(.greet(http("408 Request Timeout", ""), .fin))
        defer { server.stop() }
        try await withClients(workload { $0.silent = 1 }, port: server.port) { clients in
            let closed = await clients.wait(for: .connectionClosed)
            #expect(closed.fields.int(.status) == 408)
        }
    }

    @Test func `owes nothing to a request that was never sent whole`() async throws {
        let server = try RawServer(.answer(http("408 Request Timeout", ""), .fin))
        defer { server.stop() }
        try await withClients(workload { $0.halfSent = 1 }, port: server.port) { clients in
            let closed = await clients.wait(for: .connectionClosed)
            #expect(closed.fields.string(.kind) == "halfSent")
            #expect(closed.fields.string(.how) == "fin")
            #expect(closed.fields.int(.status) == 408)
            #expect(clients.all(.requestStarted).isEmpty)
        }
        let text = try #require(server.requests.first)
        #expect(text.contains("Content-Length: 10\r\n"))
        #expect(text.hasSuffix("\r\n\r\n{\"o"))
    }

    @Test func `sees a connection that nobody ended`() async throws {
        let server = try RawServer(.answer("", .stay))
        defer { server.stop() }
        try await withClients(workload { $0.halfSent = 1 }, port: server.port) { clients in
            await clients.wait(for: .connectionOpened)
            await clients.traffic.serverLeft()
            await clients.traffic.giveUp()
            let closed = await clients.wait(for: .connectionClosed)
            #expect(closed.fields.string(.how) == "open")
        }
    }

    // MARK: The lessons' requests

    @Test func `pipelines two requests in one write`() async throws {
        let answer = http("200 OK")
        let server = try RawServer(.answer(answer + answer, .stay))
        defer { server.stop() }
        try await withClients(workload { $0.pipelined = 1 }, port: server.port) { clients in
            let ends = await clients.ends(of: "pipelined", 2)
            #expect(ends.prefix(2).allSatisfy { $0.fields.string(.fate) == "answered" })
        }
        #expect(server.requests.first?.matches(of: /GET \/report/).count == 2)
    }

    @Test func `uploads a payment slowly and believes the answer`() async throws {
        let server = try RawServer(.upload(http("201 Created"), .fin))
        defer { server.stop() }
        let workload = workload {
            $0.slowUploads = 1
            $0.uploadSeconds = 0.1
        }
        try await withClients(workload, port: server.port) { clients in
            let settled = await clients.wait(for: .paymentSettled)
            #expect(settled.fields.string(.belief) == "paid")
            let started = clients.all(.requestStarted, of: "upload").first
            #expect(started?.fields.int(.order) == settled.fields.int(.order))
            #expect(started?.fields.double(.expected) == 0.1)
        }
    }

    @Test func `strays into a request that nobody wants, once the server drains`() async throws {
        let server = try RawServer(.serve(http("200 OK", String(repeating: "x", count: 8_000_000))))
        defer { server.stop() }
        let workload = workload {
            $0.strays = 1
            $0.readerSeconds = 0.5
            $0.strayDelay = .zero
        }
        try await withClients(workload, port: server.port) { clients in
            await clients.wait(for: .requestAnswering)
            #expect(server.unfinished.isEmpty)
            await clients.traffic.draining()
            let end = await clients.ends(of: "stray").first
            #expect(end?.fields.string(.fate) == "answered")
        }
        await server.wasLeft.wait()
        #expect(server.unfinished.first?.hasPrefix("GET / HTTP/1.1\r\n") == true)
    }

    // MARK: Racers

    @Test func `races each idle connection once, around the signal`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        try await withClients(workload { $0.racers = 5 }, port: server.port) { clients in
            await clients.ends(of: "racer", 5)
            await clients.traffic.approachSignal()
            await clients.traffic.signalled(at: clients.traffic.reporter.clock.now)
            await clients.wait(for: .connectionClosed, 5)
            let ends = await clients.ends(of: "racer", 10)
            #expect(ends.count == 10)
            #expect(clients.all(.connectionOpened, of: "racer").count == 5)
        }
        #expect(server.connections == 5)
    }

    @Test func `sends nothing over a connection that is gone when the race begins`() async throws {
        let server = try RawServer(.answer(http("200 OK"), .fin))
        defer { server.stop() }
        try await withClients(workload { $0.racers = 1 }, port: server.port) { clients in
            let closed = await clients.wait(for: .connectionClosed)
            #expect(closed.fields.string(.how) == "fin")
            await clients.traffic.signalled(at: clients.traffic.reporter.clock.now)
        }
        #expect(server.requests.count == 1)
    }

    // MARK: Any server

    @Test func `keeps the floor in flight`() async throws {
        let server = try RawServer(.answer("", .stay))
        defer { server.stop() }
        try await withClients(target { $0.slow = 8 }, port: server.port) { clients in
            await clients.traffic.wait(untilInFlight: 9, atMost: .seconds(60))
            #expect(clients.all(.requestStarted, of: "slow").count == 8)
            #expect(clients.all(.requestStarted, of: "probe").count == 1)
        }
        #expect(server.requests.allSatisfy { $0.contains("GET /slow?ms=9&at=\(server.port) ") })
        #expect(server.requests.allSatisfy { $0.contains("Host: 127.0.0.1:\(server.port)\r\n") })
    }

    @Test func `asks a fast server again over the connections that it has`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        try await withClients(target { $0.slow = 8 }, port: server.port) { clients in
            await clients.ends(of: "slow", 64)
        }
        #expect(server.connections <= 9)
    }

    @Test func `opens a connection for each new request`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        try await withClients(target { $0.fresh = 100 }, port: server.port) { clients in
            await clients.ends(of: "new", 10)
        }
        #expect(server.connections >= 11)
    }

    @Test func `tells after the signal on which connection each request is`() async throws {
        let server = try RawServer(.answer("", .stay))
        defer { server.stop() }
        let workload = try target {
            $0.slow = 2
            $0.fresh = 100
        }
        try await withClients(workload, port: server.port) { clients in
            await clients.traffic.wait(untilInFlight: 5, atMost: .seconds(60))
            #expect(clients.all(.requestSent).isEmpty)
            await clients.traffic.signalled(at: clients.traffic.reporter.clock.now)
            let sent = await clients.wait(for: .requestSent, 8)
            let told = clients.all(.requestSent)
            let started = Set(clients.all(.requestStarted).compactMap { $0.fields.int(.id) })
            #expect(Set(told.compactMap { $0.fields.int(.port) }).count == told.count)
            #expect(started.isSuperset(of: told.compactMap { $0.fields.int(.id) }))
            #expect(sent.source == .client)
        }
    }

    @Test func `stops asking a leaving server over and over, and goes on connecting`() async throws {
        let server = try RawServer(.serve(http("200 OK")))
        defer { server.stop() }
        let workload = try target {
            $0.slow = 4
            $0.fresh = 100
        }
        try await withClients(workload, port: server.port) { clients in
            await clients.ends(of: "slow", 4)
            let clock = clients.traffic.reporter.clock
            await clients.traffic.signalled(at: clock.now)
            let signal = clock.now
            await clients.wait(for: .requestStarted, 20) { $0.fields.string(.kind) == "new" && $0.time > signal }
            #expect(clients.all(.requestStarted, of: "slow").allSatisfy { $0.time <= signal })
            server.stop()
            await clients.wait(for: .requestFinished, 3) { $0.fields.string(.fate) == "refused" }
        }
    }

    @Test(arguments: [
        ("pipelined", http("200 OK", "ok", "Connection: close\r\n")), ("upload", http("501 Not Implemented")),
        ("slowReader", http("200 OK")), ("idle", http("200 OK", "ok", "Connection: close\r\n")),
        ("websocket", http("404 Not Found")),
    ])
    func `gives up a kind that the server does not take`(kind: String, answer: String) async throws {
        let server = try RawServer(.answer(answer, .fin))
        defer { server.stop() }
        let workload = try target {
            $0.target?.webSocket = "/ws"
            switch kind {
            case "pipelined": $0.pipelined = 1
            case "upload": $0.slowUploads = 1
            case "slowReader": $0.slowReaders = 1
            case "idle": $0.idleConnections = 1
            default: $0.websockets = 1
            }
        }
        try await withClients(workload, port: server.port) { clients in
            let skipped = await clients.wait(for: .workSkipped)
            #expect(skipped.fields.string(.kind) == kind)
            #expect(skipped.fields.string(.cause)?.isEmpty == false)
        }
    }

    @Test func `holds it against no server that it leaves`() async throws {
        let server = try RawServer(.answer(http("200 OK", "ok", "Connection: close\r\n"), .fin))
        defer { server.stop() }
        try await withClients(.none, port: server.port) { clients in
            await clients.traffic.signalled(at: .zero)
            await clients.traffic.skip(.idle, because: "")
            #expect(clients.all(.workSkipped).isEmpty)
        }
    }

    @Test(arguments: ["http://localhost:{port}/", "http://[::1]:{port}/"])
    func `finds a server that listens on IPv6 only`(url: String) async throws {
        let server = try RawServer(onIPv6: true, .serve(http("200 OK")))
        defer { server.stop() }
        var workload = Workload.none
        workload.target = try Target(LocalURL(url))
        try await withClients(workload, port: server.port) { clients in
            let end = await clients.ends(of: "probe").first
            #expect(end?.fields.string(.fate) == "answered")
        }
    }
}
